package io.flinkha.lab.experiment.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Injector;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.ClusterExperiment;
import io.flinkha.lab.experiment.cluster.Ends;
import io.flinkha.lab.experiment.cluster.Kills;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.experiment.cluster.Scenario;
import io.flinkha.lab.measure.StartPhase;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Jobs of people who know nothing of the agent but a label, through the real webhook. */
public record InjectedJobs(Predicate<String> only) implements ClusterExperiment {
    private static final List<String> JOBS = List.of("script", "shell", "java", "own", "manifest");
    private static final Map<String, String> OF_JVM =
            Map.of(
                    "flinkha.io/agent-memory-request", "192Mi",
                    "flinkha.io/agent-memory-limit", "384Mi");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Override
    public String name() {
        return "injection";
    }

    @Override
    public void run(TestCluster cluster, Report report) {
        try (Injector injector = Injector.deploy(cluster)) {
            Scenario.run(cluster, report, only, all(injector));
        }
    }

    /** All share one injector. */
    private static List<Scenario> all(Injector injector) {
        return Stream.concat(
                        JOBS.stream()
                                .map(job ->
                                        new Scenario(
                                                "injected-" + job,
                                                true,
                                                1,
                                                (cluster, rows) -> injected(cluster, rows, job))),
                        Stream.of(
                                new Scenario("refused", false, 1, InjectedJobs::refused),
                                new Scenario(
                                        "certificate",
                                        false,
                                        1,
                                        (cluster, rows) -> certificate(cluster, rows, injector)),
                                new Scenario(
                                        "injector-away",
                                        false,
                                        1,
                                        (cluster, rows) -> away(cluster, rows, injector))))
                .toList();
    }

    private static Path job(TestCluster cluster, String name) {
        Path written = cluster.project().root().resolve("lab/injection").resolve(name + ".yaml");
        if (cluster.project().agent() == Project.Agent.NATIVE) {
            return written;
        }
        Path directory = cluster.project().target().resolve("e2e").resolve("injection-jvm");
        try (InputStream in = Files.newInputStream(written)) {
            Job job = forJvm(Serialization.unmarshal(in, Job.class));
            Directories.create(directory);
            return Directories.write(
                    directory.resolve(written.getFileName()), Serialization.asYaml(job));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The injector asks for the memory of the native agent, unless the Job says otherwise. */
    static Job forJvm(Job job) {
        Map<String, String> all = new HashMap<>(OF_JVM);
        all.putAll(Objects.requireNonNullElse(job.getMetadata().getAnnotations(), Map.of()));
        return job.edit().editMetadata().withAnnotations(all).endMetadata().build();
    }

    private static void injected(TestCluster cluster, Rows rows, String name) {
        Path given = job(cluster, name);
        try (ClusterApplication application =
                ClusterApplication.deployInjected(cluster, "injected-" + name, given)) {
            Row row = rows.row("injected-" + name);
            diff(cluster, application, given, row);
            application.awaitSteady();
            OptionalLong running =
                    application
                            .pods()
                            .jobManagerLog()
                            .lastAfter(application.deployedAt(), StartPhase.RUNNING.pattern());
            row.figure(
                            "firstRunningMillis",
                            running.orElse(System.currentTimeMillis()) - application.deployedAt())
                    .claim("main() ran once", application.mainRuns() == 1);
            applyAgain(application, given, rows.row("injected-" + name + "/applied-again"));
            Row killed = rows.row("injected-" + name + "/jobmanager-killed");
            Kills.killJobManager(application, killed);
            Ends.finishExactlyOnce(application, killed);
        }
    }

    /** As whoever keeps manifests in a repository does, every few minutes. */
    private static void applyAgain(ClusterApplication application, Path given, Row row) {
        long generation = application.job().getMetadata().getGeneration();
        Program.Ran ran =
                Program.tried(
                        application.directory(),
                        "kubectl",
                        "apply",
                        "-n",
                        application.namespace(),
                        "-f",
                        given.toString());
        row.sentence(ran.said())
                .claim("it is taken", ran.code() == 0)
                .claim(
                        "nothing of its spec changes",
                        application.job().getMetadata().getGeneration() == generation);
    }

    /**
     * What the preview shows is what the API server has, but for the API server's defaults. The
     * injector has asked it for its version, and adds the restart rules that the preview is told
     * to.
     */
    private static void diff(
            TestCluster cluster, ClusterApplication application, Path given, Row row) {
        Path preview = application.directory().resolve("preview.yaml");
        Path diff = application.directory().resolve("injection.diff");
        try {
            Files.writeString(
                    preview,
                    Program.run(
                            cluster.project().root(),
                            cluster.project()
                                    .agentProgram(
                                            "inject",
                                            "-f",
                                            given.toString(),
                                            "--agent-image",
                                            "localhost/flink-ha-agent:e2e",
                                            "--storage-uri",
                                            "file:///flink-storage",
                                            "--restart-rules",
                                            "true")
                                    .toArray(String[]::new)));
            Files.writeString(application.directory().resolve("given.yaml"), normal(given));
            Files.writeString(application.directory().resolve("injected.yaml"), normal(preview));
            String changes =
                    Program.tried(
                                    application.directory(),
                                    "diff",
                                    "-u",
                                    "given.yaml",
                                    "injected.yaml")
                            .output();
            Files.writeString(diff, changes);
            Console.event(changes);
            JsonNode stored = YAML.readTree(Serialization.asYaml(application.job()));
            JsonNode shown = YAML.readTree(preview.toFile());
            row.figure("linesAdded", count(changes, "+"))
                    .figure("linesRemoved", count(changes, "-"))
                    .claim("the API server has what the preview shows", isWithin(shown, stored));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what only the way of writing makes different. */
    private static String normal(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Serialization.asYaml(Serialization.unmarshal(in, Job.class));
        }
    }

    private static long count(String diff, String sign) {
        return diff.lines()
                .filter(line -> line.startsWith(sign) && !line.startsWith(sign.repeat(3)))
                .count();
    }

    /** Each field of one is in the other; the API server adds some, and changes the namespace. */
    private static boolean isWithin(JsonNode shown, JsonNode stored) {
        if (shown.isObject()) {
            return shown.properties().stream()
                    .allMatch(field -> isWithin(field.getValue(), stored.path(field.getKey())));
        }
        if (shown.isArray()) {
            return shown.size() == stored.size()
                    && IntStream.range(0, shown.size())
                            .allMatch(i -> isWithin(shown.get(i), stored.get(i)));
        }
        return shown.asText().equals(stored.asText());
    }

    private static void refused(TestCluster cluster, Rows rows) {
        refusal(
                cluster,
                rows.row("refused/completions"),
                edited(cluster).editSpec().withCompletions(2).endSpec().build(),
                "spec.completions 2");
        refusal(
                cluster,
                rows.row("refused/storage-on-no-volume"),
                edited(cluster)
                        .editMetadata()
                        .addToAnnotations("flinkha.io/storage.uri", "file:///elsewhere")
                        .endMetadata()
                        .build(),
                "is on no volume of container jobmanager");
        refusal(
                cluster,
                rows.row("refused/session-cluster"),
                edited(cluster)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withCommand("/opt/flink/bin/jobmanager.sh", "start-foreground")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build(),
                "starts a session cluster");
    }

    private static JobBuilder edited(TestCluster cluster) {
        try (InputStream in = Files.newInputStream(job(cluster, "script"))) {
            return new JobBuilder(
                    cluster.client().getKubernetesSerialization().unmarshal(in, Job.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is stored: the webhook is asked all the same. */
    private static String tried(TestCluster cluster, Job job) {
        try {
            var unused = cluster.client().resource(job).inNamespace("default").dryRun().create();
            return "";
        } catch (KubernetesClientException e) {
            return e.getStatus() == null
                    ? String.valueOf(e.getMessage())
                    : e.getStatus().getMessage();
        }
    }

    private static void refusal(TestCluster cluster, Row row, Job job, String sentence) {
        String said = tried(cluster, job);
        Console.event(said);
        row.sentence(said).claim("refused with a sentence", said.contains(sentence));
    }

    private static void certificate(TestCluster cluster, Rows rows, Injector injector) {
        Row row = rows.row("certificate-renewed");
        int restarts = injector.restarts();
        long at = System.currentTimeMillis();
        injector.replaceAuthority();
        Job job = edited(cluster).build();
        Await.until(
                "an injector with a certificate that the API server trusts",
                LIMIT,
                () -> tried(cluster, job).isEmpty());
        row.figure("toTrustedAgainMillis", System.currentTimeMillis() - at)
                .claim("no injector was started anew", injector.restarts() == restarts);
    }

    private static boolean isTold(ClusterApplication application) {
        Program.Ran ran =
                Program.tried(
                        application.directory(),
                        "kubectl",
                        "patch",
                        "job",
                        "jobmanager",
                        "-n",
                        application.namespace(),
                        "-p",
                        "{\"spec\":{\"backoffLimit\":2147483646}}");
        Console.event(ran.said());
        return ran.code() == 0;
    }

    private static void away(TestCluster cluster, Rows rows, Injector injector) {
        try (ClusterApplication application =
                ClusterApplication.deployInjected(
                        cluster, "injector-away", job(cluster, "script"))) {
            application.awaitSteady();
            injector.scale(0);
            Row row = rows.row("injector-away/new-job");
            refusal(cluster, row, edited(cluster).build(), "failed calling webhook");
            Job other = edited(cluster).editMetadata().withLabels(Map.of()).endMetadata().build();
            row.claim("other Jobs are made", tried(cluster, other).isEmpty())
                    .claim("what the agent tells its Job arrives", isTold(application));

            Row lost = rows.row("injector-away/pod-deleted");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the JobManager's pod is deleted while no injector is there");
            long from = System.currentTimeMillis();
            application.pod(before.pod()).delete();
            Aftermath.of(application, before, from).awaitFailover(lost, LIMIT);

            injector.removeWebhook();
            refusal(
                    cluster,
                    rows.row("webhook-deleted"),
                    edited(cluster).build(),
                    "was not given it");
        }
    }
}
