package io.flinkha.lab;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.experiment.Experiment;
import io.flinkha.lab.experiment.cluster.ClusterFaults;
import io.flinkha.lab.experiment.failover.AgentOutage;
import io.flinkha.lab.experiment.failover.ApiOutage;
import io.flinkha.lab.experiment.failover.Compare;
import io.flinkha.lab.experiment.failover.Demo;
import io.flinkha.lab.experiment.failover.Examples;
import io.flinkha.lab.experiment.failover.Failsafe;
import io.flinkha.lab.experiment.failover.Standoff;
import io.flinkha.lab.experiment.injection.InjectedJobs;
import io.flinkha.lab.experiment.injection.InjectorLoad;
import io.flinkha.lab.experiment.lines.FlinkLines;
import io.flinkha.lab.experiment.operations.Alerts;
import io.flinkha.lab.experiment.operations.CommandOutputs;
import io.flinkha.lab.experiment.operations.Footprint;
import io.flinkha.lab.experiment.operations.ScrapeCost;
import io.flinkha.lab.experiment.protocol.ApiFuzz;
import io.flinkha.lab.experiment.protocol.KillPoints;
import io.flinkha.lab.experiment.restart.Restarts;
import io.flinkha.lab.experiment.standby.Standbys;
import io.flinkha.lab.experiment.state.LatestState;
import io.flinkha.lab.experiment.state.PlanDamage;
import io.flinkha.lab.experiment.storage.AgentWeight;
import io.flinkha.lab.experiment.storage.Storage;
import io.flinkha.lab.experiment.storage.StorageFaults;
import io.flinkha.lab.local.FlinkJob;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All experiments, as a person asks for them. */
final class Experiments {
    /** A line each: its name, what it shows, what it takes and needs. */
    static final String LIST =
            """
            demo            One job through four kills, with proof: timeline and table; JAR=… MAIN=… ARGS="…", STORAGE=s3
            compare         The same job and kills on stock Kubernetes HA and on ours, side by side (about 8 minutes)
            examples        Two of Flink's own examples through a JobManager kill
            agent-outage    The agent killed while the job checkpoints: back after 3 s, after 20 s, and with a task killed meanwhile
            standoff        The agent frozen for longer than its lease while a second one contends
            api-outage      The API server away for 30 s
            failsafe        The API server, or it and the storage, away; the leader cut off; the manifest set back; MINUTES=10, CUTS=20, ONLY=<regex>
            kill-points     JobManager, agent or both killed at the messages of the protocol; ONLY=<regex on names> for some
            api-fuzz        Schemathesis on both APIs of a leading agent, by their OpenAPI documents; SEED=…; needs Python
            latest-state    What a start goes on from: every end, upgrades, damage by hand, digests of the state; ONLY=<regex>
            plan-damage     The stored plan truncated, and altered
            storage-faults  The agent's storage slow, throttled, cut, full, read-only, denied: what a person sees (needs root)
            storage         The stores' contract on six of them, memory and throughput with plans of up to 500 MiB; needs Go, npm
            flink-lines     Every line of Flink by its own scripts: kills, ends, upgrades, examples; ONLY=<regex>; needs pip, Java 17
            alerts          Every alert fired and resolved by a real fault, and promtool's checks; needs Prometheus
            commands        Each command of the agent's executable beside a running job, and what a wrong argument gets
            scrape-cost     What the agent takes of processor and memory, alone and scraped every 15 s (about 11 minutes)
            agent-weight    The agent on a JVM and as a native image: size, start, memory, processor; MINUTES=60 of a checkpoint a second
            footprint       API requests, writes per checkpoint, and files left after ten failovers
            e2e             A cluster broken on purpose; ONLY=<regex>; needs KUBECONFIG, and what lab/README.md names
            restarts        JobManagers killed, frozen, blocked, exiting by themselves, under their supervisor; ONLY=<regex>; needs the same
            standby         Two JobManagers, one of which waits: kills, losses, ends, cost, stock beside it; ONLY=<regex>; needs the same
            injector-load   The injector asked 200 times a second by TLS, and its certificate exchanged; needs openssl
            injection       Five Jobs of other people through the real webhook; ONLY=<regex>; needs the same cluster
            """;

    private Experiments() {}

    static Experiment of(Project project, Arguments given) {
        String name = given.experiment();
        return switch (name) {
            case "demo" -> new Demo(ownJob(project, given), onS3(given));
            case "compare" -> new Compare(sides(given), given.number("kills", 5));
            case "examples" -> new Examples();
            case "agent-outage" -> new AgentOutage();
            case "standoff" -> new Standoff();
            case "api-outage" -> new ApiOutage();
            case "failsafe" ->
                    new Failsafe(
                            given.only(), given.number("minutes", 10), given.number("cuts", 20));
            case "kill-points" -> new KillPoints(given.only());
            case "api-fuzz" -> new ApiFuzz(given.number("seed", 1));
            case "latest-state" -> new LatestState(given.only());
            case "plan-damage" -> new PlanDamage();
            case "storage-faults" -> new StorageFaults();
            case "storage" -> new Storage();
            case "flink-lines" -> new FlinkLines(given.only());
            case "alerts" -> new Alerts();
            case "commands" -> new CommandOutputs();
            case "scrape-cost" -> new ScrapeCost();
            case "agent-weight" -> new AgentWeight(given.number("minutes", 60));
            case "footprint" -> new Footprint(given.number("failovers", 10));
            case "e2e" -> new ClusterFaults(given.only());
            case "restarts" -> new Restarts(given.only());
            case "standby" -> new Standbys(given.only());
            case "injector-load" -> new InjectorLoad();
            case "injection" -> new InjectedJobs(given.only());
            default ->
                    throw new IllegalArgumentException(
                            "Unknown experiment '%s': `make lab` lists them.".formatted(name));
        };
    }

    private static List<Side> sides(Arguments given) {
        return given.has("only")
                ? List.of(Side.valueOf(given.get("only", "")))
                : List.of(Side.values());
    }

    private static boolean onS3(Arguments given) {
        return switch (given.get("storage", "file")) {
            case "file" -> false;
            case "s3" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "Unknown storage '%s': give file or s3."
                                    .formatted(given.get("storage", "")));
        };
    }

    private static @Nullable FlinkJob ownJob(Project project, Arguments given) {
        if (!given.has("jar")) {
            return null;
        }
        String words = given.get("args", "").trim();
        return FlinkJob.foreign(
                project.demoJob(),
                Path.of(given.get("jar", "")).toAbsolutePath(),
                given.get("main", ""),
                words.isEmpty() ? List.of() : List.of(words.split(" +")));
    }
}
