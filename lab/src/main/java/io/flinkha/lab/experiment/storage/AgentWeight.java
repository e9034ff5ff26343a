package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.experiment.Experiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.ProcessMemory;
import io.flinkha.lab.measure.ProcessTime;
import io.flinkha.lab.measure.RandomBytes;
import io.flinkha.lab.measure.Scrape;
import io.flinkha.lab.process.MemoryGroup;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the agent weighs on a JVM and as a native image: on disk, at its start, at work. */
public final class AgentWeight implements Experiment {
    private static final int STARTS = 7;
    private static final int SCRAPES = 40;
    private static final long PLAN = 500L * 1024 * 1024;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What the native agent may weigh; {@code deploy/} limits its container by it. */
    private static final double MOST_MEGABYTES = 50;

    private static final long MOST_MILLIS_TO_LIVE = 60;
    private static final long MOST_ON_DIRECTORY = 48;
    private static final long MOST_ON_S3 = 64;
    private static final long MOST_ANONYMOUS = 12;
    private static final long MOST_GROWTH = 2;

    /** What deploy/ lets its container have. */
    private static final long CONTAINER_MIB = 80;

    private static final int COMMANDS = 20;

    private final int checkpoints;

    /**
     * @param minutes of a checkpoint each second
     */
    public AgentWeight(int minutes) {
        this.checkpoints = minutes * 60;
    }

    @Override
    public String name() {
        return "agent-weight";
    }

    @Override
    public void run(Project project, Report report) {
        for (Project.Agent agent : List.of(Project.Agent.NATIVE, Project.Agent.JVM)) {
            Project its = new Project(project.root(), agent);
            String kind = agent.name().toLowerCase(Locale.ROOT);
            try (Workbench bench = Workbench.open(its, name() + "-" + kind)) {
                Row start = report.row(kind + ": start");
                starts(bench, start);
                image(its, kind, start);
                idle(bench, report.row(kind + ": idle"));
                ObjectStorage s3 = bench.objectStorage();
                work(bench, kind, "directory", null, report);
                work(bench, kind, "s3", s3, report);
                if (agent == Project.Agent.NATIVE) {
                    limited(bench, s3, report);
                }
            }
        }
        hour(project, report);
    }

    private static void starts(Workbench bench, Row row) {
        double megabytes = bytes(bench.project().agentFiles()) / 1e6;
        long[] millis = new long[STARTS];
        long cpuMillis = 0;
        for (int i = 0; i < STARTS; i++) {
            try (LocalApplication application = prepare(bench, "start-" + i)) {
                long start = System.nanoTime();
                application.startAgent();
                awaitLive(application);
                millis[i] = (System.nanoTime() - start) / 1_000_000;
                cpuMillis += cpuMillis(application);
            }
        }
        long median = LongStream.of(millis).sorted().toArray()[STARTS / 2];
        row.figure("applicationMB", "%.1f".formatted(megabytes))
                .figure("startToLiveMillis", median)
                .figure("cpuToLiveMillis", cpuMillis / STARTS);
        if (bench.project().agent() == Project.Agent.NATIVE) {
            row.claim("at most %.0f MB".formatted(MOST_MEGABYTES), megabytes <= MOST_MEGABYTES)
                    .claim(
                            "live within %d ms".formatted(MOST_MILLIS_TO_LIVE),
                            median <= MOST_MILLIS_TO_LIVE);
        }
    }

    /**
     * The archive of its image, beside the agent a root file system; where one can be made here.
     */
    private static void image(Project project, String kind, Row row) {
        Path directory = Directories.emptied(project.target().resolve("agent-weight-image"));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("AGENT", kind);
        environment.put("IMAGES", "flink-ha-agent");
        environment.putIfAbsent("AGENT_JAVA_HOME", System.getProperty("java.home"));
        Program.Ran ran =
                Program.tried(
                        project.root(),
                        environment,
                        List.of("lab/images.sh", directory.toString()));
        if (ran.code() == 0) {
            double megabytes = bytes(directory) / 1e6;
            row.figure("imageMB", "%.1f".formatted(megabytes));
        } else {
            row.sentence(
                    "The image's size is not there, lab/images.sh makes none here: " + ran.said());
        }
    }

    private static long cpuMillis(LocalApplication application) {
        return ProcessHandle.of(application.pod().agent().current().pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }

    /** By a plain connection and without a pause: what is measured is a few dozen milliseconds. */
    private static void awaitLive(LocalApplication application) {
        URI live =
                URI.create(
                        "http://127.0.0.1:%d/q/health/live"
                                .formatted(application.pod().managementPort()));
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!answers(live)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The agent is not live after " + LIMIT);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    private static boolean answers(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** It leads, and no JobManager has come yet. */
    private static void idle(Workbench bench, Row row) {
        try (LocalApplication application = prepare(bench, "idle")) {
            application.startAgent();
            awaitLive(application);
            Await.pass(Duration.ofSeconds(20));
            memory(row, ProcessMemory.of(application.pod().agent().current().pid()));
        }
    }

    private static LocalApplication prepare(Workbench bench, String clusterId) {
        return bench.prepare(clusterId, bench.counting(Side.AGENT, clusterId));
    }

    private static void work(
            Workbench bench,
            String kind,
            String place,
            @Nullable ObjectStorage store,
            Report report) {
        boolean isNative = bench.project().agent() == Project.Agent.NATIVE;
        Console.event("=== %s at work, %s".formatted(kind, place));
        try (LeadingAgent agent = LeadingAgent.start(bench, "work-" + place, "", store)) {
            Row leading = report.row("%s: leading, %s".formatted(kind, place));
            leading.figure("cpuMillicores", millicores(agent, () -> Await.pass(WINDOW)));
            ProcessMemory now = memory(leading, agent.memory());
            long most = store == null ? MOST_ON_DIRECTORY : MOST_ON_S3;
            if (isNative) {
                leading.claim("resident at most %d MiB".formatted(most), now.all() <= most)
                        .claim(
                                "anonymous at most %d MiB".formatted(MOST_ANONYMOUS),
                                now.anonymous() <= MOST_ANONYMOUS);
            }
            Row scraped = report.row("%s: scraped, %s".formatted(kind, place));
            scraped.figure("scrapes", SCRAPES)
                    .figure("cpuMillicores", millicores(agent, () -> scrape(agent)));
            memory(scraped, agent.memory());

            Row plan = report.row("%s: a plan of 500 MiB, %s".formatted(kind, place));
            RandomBytes bytes = new RandomBytes(PLAN);
            ProcessMemory.forgetPeak(agent.pid());
            boolean same =
                    agent.jobManager().put(bytes).equals(bytes.sha256())
                            && agent.jobManager().get().equals(bytes.sha256());
            ProcessMemory after = memory(plan, agent.memory());
            plan.figure("peakMiB", after.peak()).claim("it comes back as it was sent", same);
        }
    }

    /** With all that deploy/ gives its container, in which people call its commands too. */
    private static void limited(Workbench bench, ObjectStorage s3, Report report) {
        String name = "native: in a container of %d MiB, s3".formatted(CONTAINER_MIB);
        Optional<MemoryGroup> made =
                MemoryGroup.create("flink-ha-agent-weight", CONTAINER_MIB * 1024 * 1024);
        if (made.isEmpty()) {
            report.notRun(name, "needs the right to make a control group of memory");
            return;
        }
        Row row = report.row(name);
        try (MemoryGroup group = made.get()) {
            ApplicationSpec spec =
                    bench.counting(Side.AGENT, "limited").withBeforeAgent(group.enter());
            forgetPages(bench.project());
            boolean answered = true;
            try (LeadingAgent agent = LeadingAgent.start(bench, spec, s3)) {
                RandomBytes bytes = new RandomBytes(PLAN);
                var unused = agent.jobManager().put(bytes);
                for (int id = 1; id <= COMMANDS; id++) {
                    agent.jobManager().completeCheckpoint(id);
                    answered &= agent.application().pod().command(List.of("status")).code() == 0;
                }
                row.figure("starts", agent.application().pod().agent().starts());
            }
            row.figure("statusCommands", COMMANDS)
                    .figure("peakMiB", group.peakMiB())
                    .figure("oomKills", group.oomKills())
                    .claim("each command is answered", answered)
                    .claim("nothing is killed", group.oomKills() == 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pages of a file count where it was read first: on a fresh node that is this group. */
    private static void forgetPages(Project project) {
        try (Stream<Path> libraries = Files.list(project.openDal())) {
            Stream.concat(Stream.of(project.agentFiles()), libraries)
                    .forEach(file ->
                            Program.run(
                                    project.root(),
                                    "dd",
                                    "if=" + file,
                                    "iflag=nocache",
                                    "count=0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double millicores(LeadingAgent agent, Runnable meanwhile) {
        ProcessTime time = ProcessTime.from(agent.pid());
        meanwhile.run();
        return time.millicores();
    }

    private static void scrape(LeadingAgent agent) {
        for (int i = 0; i < SCRAPES; i++) {
            Scrape.of(agent.application().pod().managementPort(), Scrape.OPEN_METRICS);
            Await.pass(Duration.ofSeconds(1));
        }
    }

    private static ProcessMemory memory(Row row, ProcessMemory memory) {
        row.figure("rssMiB", memory.all()).figure("anonMiB", memory.anonymous());
        return memory;
    }

    /** Both at once: neither takes a hundredth of a core. */
    private void hour(Project project, Report report) {
        Project jvm = new Project(project.root(), Project.Agent.JVM);
        Project image = new Project(project.root(), Project.Agent.NATIVE);
        try (Workbench ofJvm = Workbench.open(jvm, name() + "-jvm-hour");
                Workbench ofImage = Workbench.open(image, name() + "-native-hour");
                LeadingAgent first = LeadingAgent.start(ofJvm, "hour-jvm", "", null);
                LeadingAgent second = LeadingAgent.start(ofImage, "hour-native", "", null)) {
            hour(List.of(first, second), report);
        }
    }

    private void hour(List<LeadingAgent> agents, Report report) {
        Console.event("=== %d checkpoints, one a second".formatted(checkpoints));
        // What the first checkpoints touch is no growth.
        int warm = Math.min(120, checkpoints / 4);
        List<ProcessTime> times = List.of();
        List<ProcessMemory> before = List.of();
        long start = System.nanoTime();
        for (int id = 1; id <= checkpoints; id++) {
            for (LeadingAgent agent : agents) {
                agent.jobManager().completeCheckpoint(id);
            }
            if (id == warm) {
                times = agents.stream().map(agent -> ProcessTime.from(agent.pid())).toList();
                before = agents.stream().map(LeadingAgent::memory).toList();
            }
            long next = start + id * 1_000_000_000L;
            Await.pass(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
        }
        for (int i = 0; i < agents.size(); i++) {
            LeadingAgent agent = agents.get(i);
            String kind =
                    agent.application().bench().project().agent().name().toLowerCase(Locale.ROOT);
            Row row = report.row(kind + ": a checkpoint each second");
            row.figure("checkpoints", checkpoints)
                    .figure("cpuMillicores", times.get(i).millicores())
                    .figure("rssMiBBefore", before.get(i).all())
                    .figure("anonMiBBefore", before.get(i).anonymous());
            ProcessMemory after = memory(row, agent.memory());
            if (agent.application().bench().project().agent() == Project.Agent.NATIVE) {
                row.claim(
                        "grown by at most %d MiB".formatted(MOST_GROWTH),
                        after.all() <= before.get(i).all() + MOST_GROWTH);
            }
        }
    }

    private static long bytes(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
