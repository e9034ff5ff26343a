package io.flinkha.flink;

import io.flinkha.flink.agent.AgentCalls;
import io.flinkha.flink.agent.AgentClient;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.GateClosedException;
import io.flinkha.flink.agent.Registration;
import io.flinkha.flink.config.Settings;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.leader.LeaderMap;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.CheckpointsView;
import io.flinkha.flink.savepoint.SavepointWatch;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this JVM is towards the agent: one registered process, one gate, at most one run. */
public final class HaProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HaProcess.class);

    /** For {@code JobMain}, which Flink starts by name in the same JVM. */
    private static volatile @Nullable HaProcess current;

    private final Settings settings;
    private final Configuration configuration;
    private final Halt halt;
    private final AgentClient client;
    private final Gate gate;
    private final AgentCalls calls;
    private final LeaderMap leaders;
    private final SavepointWatch savepoints;
    private final CompletableFuture<Run> granted = new CompletableFuture<>();

    public HaProcess(
            Settings settings,
            Configuration configuration,
            Halt halt,
            AgentClient client,
            Registration registration,
            String jm,
            LongSupplier nanos) {
        this.settings = settings;
        this.configuration = configuration;
        this.halt = halt;
        this.client = client;
        this.gate =
                new Gate(
                        client,
                        jm,
                        halt,
                        nanos,
                        registration::again,
                        grant ->
                                DaemonThreads.start(
                                        "flink-ha-boot",
                                        () -> boot(new Run(jm, grant, settings.onCancel()))),
                        this::publishAgain);
        this.calls = new AgentCalls(gate);
        this.leaders = new LeaderMap(client, calls, this::run);
        this.savepoints =
                new SavepointWatch(
                        client, calls, gate, new CheckpointsView(leaders), this::run, nanos);
    }

    static void makeCurrent(HaProcess process) {
        current = process;
    }

    public static @Nullable HaProcess current() {
        return current;
    }

    public Settings settings() {
        return settings;
    }

    public Configuration configuration() {
        return configuration;
    }

    public Halt halt() {
        return halt;
    }

    public AgentClient client() {
        return client;
    }

    public Gate gate() {
        return gate;
    }

    public AgentCalls calls() {
        return calls;
    }

    public LeaderMap leaders() {
        return leaders;
    }

    public SavepointWatch savepoints() {
        return savepoints;
    }

    /** Completes when the boot plan is in the configuration, right before Flink is granted. */
    public CompletableFuture<Run> granted() {
        return granted;
    }

    public Run run() {
        Run run = granted.getNow(null);
        if (run == null) {
            throw new IllegalStateException("Flink asked for a run before it was granted one.");
        }
        return run;
    }

    /** Nothing yet while this JVM waits, is a warm standby, or prepares its start. */
    public @Nullable Run runIfGranted() {
        return granted.isDone() && !granted.isCompletedExceptionally() ? granted.join() : null;
    }

    private void publishAgain() {
        leaders.sendAgain();
    }

    /** On a thread of its own: opening candidates takes time, and the gate has to be renewed. */
    private void boot(Run run) {
        try {
            LOG.info(
                    "Leadership granted: epoch {}, {}, job {}.",
                    run.epoch(),
                    run.plan().kind(),
                    run.jobId());
            new BootPlanStep(client, calls, halt).apply(run, configuration);
            granted.complete(run);
        } catch (Halt.Halted e) {
            granted.completeExceptionally(e);
        } catch (AgentRefusal | GateClosedException | RuntimeException e) {
            granted.completeExceptionally(
                    halt.now(Halt.FAILED_START, "the boot plan could not be applied: " + e));
        }
    }

    /** For tests: a real process ends instead. */
    @Override
    public void close() {
        gate.close();
        calls.close();
    }
}
