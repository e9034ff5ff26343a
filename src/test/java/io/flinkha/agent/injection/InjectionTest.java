package io.flinkha.agent.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Done to the very Jobs that `make injection` runs on a cluster. */
class InjectionTest {
    private static final Path JOBS = Path.of("lab/injection");
    static final Injection INJECTION =
            new Injection("registry/flink-ha-agent:1", "file:///flink-storage", () -> true);

    static List<String> jobs() {
        return List.of("script", "shell", "java", "own", "manifest");
    }

    static ObjectNode job(String name) {
        return (ObjectNode) read(JOBS.resolve(name + ".yaml")).getFirst();
    }

    private static List<JsonNode> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Yaml.documents(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode inject(JsonNode job) {
        try {
            return INJECTION.into(job).job();
        } catch (NotInjectableException e) {
            throw new AssertionError(e);
        }
    }

    static ObjectNode podOf(JsonNode job) {
        return (ObjectNode) job.path("spec").path("template").path("spec");
    }

    static ObjectNode container(JsonNode pod, String name) {
        ObjectNode found = Json.named(pod.path("containers"), name);
        ObjectNode container = found == null ? Json.named(pod.path("initContainers"), name) : found;
        assertNotNull(container, name);
        return container;
    }

    static String words(JsonNode container) {
        return Stream.of("command", "args")
                .flatMap(field -> Json.items(container.path(field)))
                .map(JsonNode::asText)
                .reduce("", (all, word) -> all + " " + word);
    }

    private static String value(JsonNode container, String variable) {
        ObjectNode found = Json.named(container.path("env"), variable);
        return found == null ? "" : found.path("value").asText();
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void isAskedForOnceAndChangesNothingTheSecondTime(String name) {
        JsonNode given = job(name);
        assertTrue(Injection.isAskedFor(given));
        ObjectNode once = inject(given);
        assertEquals(once, inject(once));
        assertEquals(job(name), given, "what was given has changed");
        assertFalse(
                once.path("spec")
                        .path("template")
                        .path("metadata")
                        .path("labels")
                        .has(Injection.INJECT));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void nothingOfTheUsersGoes(String name) {
        JsonNode before = podOf(job(name));
        JsonNode after = podOf(inject(job(name)));
        for (String list : List.of("initContainers", "containers", "volumes", "tolerations")) {
            for (JsonNode one : before.path(list)) {
                assertTrue(
                        Json.items(after.path(list))
                                .anyMatch(other ->
                                        Json.name(other).equals(Json.name(one))
                                                && other.path("key").equals(one.path("key"))),
                        one.toString());
            }
        }
        JsonNode jobManager = container(after, "jobmanager");
        for (String list : List.of("env", "volumeMounts", "ports")) {
            for (JsonNode one : container(before, "jobmanager").path(list)) {
                assertTrue(Json.items(jobManager.path(list)).anyMatch(one::equals), one.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void theLauncherTakesTheClassOver(String name) {
        String words = words(container(podOf(inject(job(name))), "jobmanager"));
        assertTrue(
                words.matches(
                        "(?s).* (--job-classname|-j)[ =]io\\.flinkha\\.flink\\.JobLauncher.*"),
                words);
        assertEquals(
                !name.equals("manifest"),
                words.contains(" -Dflink-ha.job.class=io.flinkha.demo.CountJob"),
                words);
        assertTrue(
                words.contains(
                        " -Dhigh-availability.type=io.flinkha.flink.AgentHaServicesFactory"));
        assertTrue(words.contains(" --rate 200"), words);
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void theSupervisorStartsWhatWasThere(String name) {
        JsonNode pod = podOf(inject(job(name)));
        JsonNode jobManager = container(pod, "jobmanager");
        JsonNode before = container(podOf(job(name)), "jobmanager").path("command");
        String program = jobManager.path("command").get(0).asText();
        assertEquals("/opt/flink-ha/services/flink-ha-run", program);
        assertEquals("--", jobManager.path("command").get(1).asText());
        assertEquals(before.get(0), jobManager.path("command").get(2));
        assertTrue(
                Json.items(jobManager.path("volumeMounts"))
                        .filter(mount -> Json.name(mount).equals("flink-ha-services"))
                        .anyMatch(mount -> Mounts.isBelow(program, mount)));
        assertTrue(words(container(pod, "flink-ha-services")).contains(" " + program + " "));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void theAgentHasTheStorageOfTheJobManagerAndItsOwnToken(String name) {
        ObjectNode pod = podOf(inject(job(name)));
        JsonNode agent = container(pod, "flink-ha-agent");
        assertEquals("count-job", value(agent, "FLINK_HA_CLUSTER_ID"));
        assertTrue(value(agent, "FLINK_HA_STORAGE_URI").startsWith("file:///flink-storage"));
        assertTrue(
                Json.items(agent.path("volumeMounts"))
                        .anyMatch(mount ->
                                mount.path("mountPath").asText().equals("/flink-storage")));
        assertEquals("registry/flink-ha-agent:1", agent.path("image").asText());
        assertFalse(pod.path("automountServiceAccountToken").asBoolean(true));
        assertEquals(
                "flink-ha-agent",
                Json.name(pod.path("initContainers").get(pod.path("initContainers").size() - 1)));
    }

    /** kubectl apply, Argo CD or Flux: what is immutable comes out as it was. */
    @ParameterizedTest
    @MethodSource("jobs")
    void aManifestThatIsAppliedAgainChangesNothing(String name) throws Exception {
        ObjectNode given = job(name);
        ObjectNode before = inject(given);
        ((ObjectNode) before.path("spec")).put("backoffLimit", 3);
        ObjectNode applied = before.deepCopy();
        ((ObjectNode) applied.path("spec"))
                .set("backoffLimit", given.path("spec").path("backoffLimit"));
        ObjectNode container = container(podOf(applied), "jobmanager");
        for (String list : List.of("command", "args")) {
            JsonNode theirs = container(podOf(given), "jobmanager").path(list);
            if (theirs.isMissingNode()) {
                container.remove(list);
            } else {
                container.set(list, theirs);
            }
        }
        JsonNode labels = given.path("spec").path("template").path("metadata").path("labels");
        ((ObjectNode) applied.at("/spec/template/metadata/labels")).setAll((ObjectNode) labels);
        assertEquals(before, INJECTION.again(applied, before).job());
    }

    @Test
    void oneOfManyNamesItsApplication() {
        ObjectNode job = job("script");
        ObjectNode metadata = (ObjectNode) job.path("metadata");
        ((ObjectNode) metadata.path("annotations")).remove("flinkha.io/cluster-id");
        metadata.putArray("ownerReferences").addObject().put("kind", "CronJob");
        assertTrue(refusal(() -> INJECTION.into(job)).contains("annotation flinkha.io/cluster-id"));
        metadata.remove(List.of("ownerReferences", "name"));
        metadata.put("generateName", "orders-");
        assertTrue(refusal(() -> INJECTION.into(job)).startsWith("Job orders- has another name"));
    }

    @Test
    void filesOfCredentialsFollowTheirVariables() {
        ObjectNode job = job("script");
        ((ObjectNode) job.path("metadata").path("annotations"))
                .put("flinkha.io/storage.uri", "gs://bucket/ha");
        ObjectNode jobManager = container(podOf(job), "jobmanager");
        jobManager.putArray("envFrom").addObject().putObject("secretRef").put("name", "s");
        jobManager
                .withArrayProperty("volumeMounts")
                .addObject()
                .put("name", "key")
                .put("mountPath", "/opt/flink-ha/credentials");
        podOf(job)
                .withArrayProperty("volumes")
                .addObject()
                .put("name", "key")
                .putObject("secret")
                .put("secretName", "s");
        JsonNode agent = container(podOf(inject(job)), "flink-ha-agent");
        assertTrue(
                Json.items(agent.path("volumeMounts"))
                        .anyMatch(mount -> Json.name(mount).equals("key")));
        assertTrue(agent.has("envFrom"));
    }

    /** A quota on what a namespace may use asks for a figure of each container. */
    @Test
    void resourcesOfBothOurContainersCanBeSet() {
        ObjectNode job = job("script");
        ((ObjectNode) job.path("metadata").path("annotations"))
                .put("flinkha.io/agent-cpu-limit", "500m")
                .put("flinkha.io/agent-memory-limit", "512Mi");
        ObjectNode once = inject(job);
        for (String name : List.of("flink-ha-agent", "flink-ha-services")) {
            JsonNode resources = container(podOf(once), name).path("resources");
            assertEquals("500m", resources.path("limits").path("cpu").asText());
            assertEquals("512Mi", resources.path("limits").path("memory").asText());
        }
        assertEquals(
                "50m",
                container(podOf(once), "flink-ha-agent").at("/resources/requests/cpu").asText());
        assertEquals(once, inject(once));
    }

    @Test
    void theJobsOwnBudgetIsTheAgents() {
        JsonNode spec = inject(job("shell")).path("spec");
        assertEquals(Integer.MAX_VALUE, spec.path("backoffLimit").asInt());
        assertEquals("TerminatingOrFailed", spec.path("podReplacementPolicy").asText());
    }

    @Test
    void probesFollowFromTheLease() {
        JsonNode agent = container(podOf(inject(job("java"))), "flink-ha-agent");
        assertEquals(3, agent.path("livenessProbe").path("failureThreshold").asInt());
        assertEquals(2, agent.path("readinessProbe").path("periodSeconds").asInt());
        assertEquals(9481, agent.path("ports").get(0).path("containerPort").asInt());
        assertEquals("30s", value(agent, "FLINK_HA_LEASE_DURATION"));
    }

    @Test
    void whereTheKubeletRestartsAllThereAreNoRules() {
        assertFalse(
                container(podOf(inject(job("manifest"))), "jobmanager").has("restartPolicyRules"));
        assertTrue(container(podOf(inject(job("script"))), "jobmanager").has("restartPolicyRules"));
    }

    @Test
    void theJobManagersUserAndCredentialsAreTheAgents() {
        ObjectNode job = job("own");
        ObjectNode jobManager = container(podOf(job), "jobmanager");
        jobManager.withObjectProperty("securityContext").put("runAsUser", 1234);
        Json.env(jobManager, "AWS_ACCESS_KEY_ID", "id");
        Json.env(jobManager, "GOOGLE_APPLICATION_CREDENTIALS", "/scratch/key.json");
        ((ObjectNode) job.path("metadata").path("annotations"))
                .put("flinkha.io/storage.uri", "s3://bucket/ha");
        JsonNode agent = container(podOf(inject(job)), "flink-ha-agent");
        assertEquals(1234, agent.path("securityContext").path("runAsUser").asInt());
        assertEquals("id", value(agent, "AWS_ACCESS_KEY_ID"));
        assertTrue(
                Json.items(agent.path("volumeMounts"))
                        .anyMatch(mount -> mount.path("mountPath").asText().equals("/scratch")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /spec                            | parallelism            | 2             | spec.parallelism 2: there is one JobManager, set it to 1; annotation flinkha.io/standby: "true" gives a second one
                    /spec                            | completions            | 2             | spec.completions 2: there is one JobManager
                    /spec                            | podFailurePolicy       | {}            | take it out, the agent tells the Job when to fail
                    /spec/template/spec              | hostNetwork            | true          | hostNetwork
                    /metadata/annotations            | flinkha.io/job.container | task        | has no container 'task'
                    /metadata/annotations            | flinkha.io/lease       | 60s           | flinkha.io/lease is not known: there are flinkha.io/agent-cpu-limit
                    /metadata/annotations            | flinkha.io/cluster-id  | Orders        | give at most 45 lower-case letters
                    /metadata/annotations            | flinkha.io/storage.uri | s3:bucket     | flink-ha.storage.uri is 's3:bucket'
                    /metadata/annotations            | flinkha.io/storage.uri | file:///other | storage /other is on no volume of container jobmanager
                    /metadata/annotations            | flinkha.io/lease.duration | 46s        | must be at most flink-ha.lease.duration
                    /metadata/annotations            | flinkha.io/lease.duration | a while    | flinkha.io/lease.duration is 'a while': give a time above 0, such as 30s or 1h
                    /metadata/annotations            | flinkha.io/management.port | none      | give a port between 1 and 65535
                    /metadata/annotations            | flinkha.io/control.port | 8481         | are both 8481
                    /metadata/annotations            | flinkha.io/restart.max-failures | 0    | give a whole number of at least 1
                    /metadata/annotations            | flinkha.io/restore.strategy | latest   | give latest-state or latest-savepoint or none
                    /metadata/annotations            | flinkha.io/standby     | ture          | flinkha.io/standby is 'ture': give true or false
                    /metadata/annotations            | flinkha.io/warm-standby | true         | flinkha.io/warm-standby is not known: there are flinkha.io/agent-cpu-limit
                    /metadata/annotations            | flinkha.io/restore.nonce | n1          | flinkha.io/restore.path is missing
                    /spec/template/spec/containers/0 | command                | [sleep, 1d]   | neither command nor args start Flink
                    /spec/template/spec/containers/0 | command                | [jobmanager.sh, start-foreground] | session cluster
                    /spec/template/spec/containers/0 | command                | [standalone-job.sh, start] | add it
                    /spec/template/spec/containers/0 | args                   | [-s, s3://b/savepoint] | give the path in annotation flinkha.io/restore.path
                    /spec/template/spec/containers/0 | args                   | [-D, high-availability.type=kubernetes] | leave it out, this is the agent's
                    /spec/template/spec/containers/0 | args                   | [--job-id, a] | each run has an id of its own
                    /spec/template/spec/containers/0 | command                | [bash, -c, standalone-job.sh start-foreground -s s3://b/sp] | restore.path
                    /spec/template/spec/volumes/0    | name                   | flink-ha-run  | a name that the injector needs
                    /spec/template/spec/containers/0/volumeMounts/1 | mountPath | /opt/flink-ha | where the agent's goes
                    /spec/template/spec/containers/0/volumeMounts/1 | mountPath | /opt/flink-ha/services/lib | where the agent's goes (/opt/flink-ha/services)
                    /metadata/annotations            | flinkha.io/entrypoint  | "  "          | flinkha.io/entrypoint is empty
                    """)
    void whatCannotBeInjectedIsRefusedWithASentence(
            String where, String field, String value, String sentence) {
        ObjectNode job = job("script");
        JsonNode set = Yaml.documents(stream("v: " + value)).getFirst().path("v");
        ((ObjectNode) job.at(where)).set(field, set);
        String refusal = refusal(() -> INJECTION.into(job));
        assertTrue(refusal.contains(sentence), refusal);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static String refusal(Executable act) {
        return String.valueOf(assertThrows(NotInjectableException.class, act).getMessage());
    }

    @Test
    void onlyAJobCanBeInjected() {
        ObjectNode deployment = job("script").put("kind", "Deployment");
        assertTrue(
                refusal(() -> INJECTION.into(deployment))
                        .contains("Deployment jobmanager: the agent runs in a batch/v1 Job only"));
    }

    /** Aliases, octal numbers and dates as kubectl understands them. */
    @Test
    void yamlIsReadAsKubectlDoes() throws Exception {
        String text =
                "a: &x { mode: 0440 }\nb: *x\nc: 2026-01-01\nd: \"7\"\n---\n\n---\ne: 1\nf: \"7e12\"\ng: \"0x1F\"\nh: 12:30:00\n";
        Documents.Result result = Documents.inject(stream(text), INJECTION);
        assertEquals(0, result.injected());
        assertEquals(
                "---\na:\n  mode: 288\nb:\n  mode: 288\nc: \"2026-01-01\"\nd: \"7\"\n---\ne: 1\nf: \"7e12\"\ng: \"0x1F\"\nh: \"12:30:00\"\n",
                result.yaml());
        assertTrue(
                refusal(() -> Documents.inject(stream("a: ["), INJECTION))
                        .startsWith("This is neither YAML nor JSON"));
    }

    @Test
    void aListIsWhatIsInIt() throws Exception {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("kind", "List");
        list.putArray("items").add(job("script")).addObject().put("kind", "ConfigMap");
        Documents.Result result = Documents.inject(stream(Yaml.text(list)), INJECTION);
        assertEquals(1, result.injected());
        JsonNode items = Yaml.documents(stream(result.yaml())).getFirst().path("items");
        assertEquals(inject(job("script")), items.get(0));
        assertEquals(2, items.size());
    }

    @Test
    void aJobWithoutContainersIsNoCrash() {
        ObjectNode job = job("script");
        ((ArrayNode) podOf(job).path("containers")).removeAll();
        assertThrows(NotInjectableException.class, () -> INJECTION.into(job));
        podOf(job).remove("containers");
        assertThrows(NotInjectableException.class, () -> INJECTION.into(job));
        ((ObjectNode) job.path("spec")).remove("template");
        assertThrows(NotInjectableException.class, () -> INJECTION.into(job));
    }
}
