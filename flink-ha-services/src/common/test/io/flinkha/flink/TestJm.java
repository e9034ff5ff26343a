package io.flinkha.flink;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.OtherEnd;
import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.agent.Registration;
import io.flinkha.flink.checkpoint.LineCheckpoints;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.config.Settings;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.fake.FakeHalt;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.leader.LeaderAddresses;
import io.flinkha.flink.main.JobMain;
import io.flinkha.flink.plan.LinePlanStore;
import io.flinkha.flink.plan.PlanAhead;
import io.flinkha.flink.plan.PlanBlobs;
import io.flinkha.flink.plan.PlanRejection;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.rest.RestEndpoint;
import io.flinkha.flink.savepoint.CheckpointsView;
import io.flinkha.flink.savepoint.FinalSavepoint;
import io.flinkha.flink.savepoint.SavepointWatch;
import io.flinkha.flink.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.jspecify.annotations.Nullable;

/** A JobManager process with a fake agent, a fake halt and a clock that tests move by hand. */
public final class TestJm implements AutoCloseable {
    public static final String JM = "11111111-2222-3333-4444-555555555555";
    public static final String JOB = "0123456789abcdef0123456789abcdef";
    public static final long EPOCH = 7;
    public static final String SESSION = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

    public final FakeAgent agent = new FakeAgent();
    public final FakeHalt halt = new FakeHalt();
    public final AtomicLong nanos = new AtomicLong(1);
    public final Configuration configuration = new Configuration();
    public final Agent client;
    public final GrantedRun granted;
    public final Gate gate;
    public final LeaderAddresses addresses;
    public final RestEndpoint rest;
    public final CheckpointsView checkpoints;
    public final SavepointWatch savepoints;
    private final Settings settings;
    public final Watchdog watchdog;
    private final HaProcess process;

    public TestJm(Path directory) throws IOException {
        this(directory, new Configuration());
    }

    public TestJm(Path directory, Configuration more) throws IOException {
        configuration.addAll(more);
        configuration.set(AgentOptions.AGENT_ADDRESS, agent.address().toString());
        configuration.set(AgentOptions.RUN_DIR, directory.toString());
        Files.writeString(directory.resolve("token"), "secret\n");
        settings = Settings.of(configuration);
        client = new Agent(settings.agent(), directory, halt, JM);
        process =
                new HaProcess(
                        settings,
                        configuration,
                        halt,
                        client,
                        new Registration(client, "2.3.0", "code", List.of()),
                        nanos::get);
        granted = process.granted;
        gate = process.gate;
        addresses = process.addresses;
        rest = process.rest;
        checkpoints = process.checkpoints;
        savepoints = process.savepoints;
        watchdog = process.watchdog;
    }

    /** What was granted. */
    public Run run() {
        return granted.get();
    }

    public LinePlanStore planStore() {
        return new LinePlanStore(
                client,
                granted,
                settings.planStoreEnabled(),
                new PlanBlobs(configuration, halt),
                new PlanRejection(client, halt),
                process.ahead);
    }

    public PlanAhead planAhead() {
        return process.ahead;
    }

    public LineCheckpoints checkpointFactory() {
        return new LineCheckpoints(client, halt, gate, granted, savepoints, job -> {});
    }

    public JobMain jobMain() {
        return process.jobMain();
    }

    public static JobID job() {
        return JobID.fromHexString(JOB);
    }

    /** A start's JSON, without its braces. */
    public static String fresh() {
        return "\"kind\":\"FRESH\",\"reason\":\"test\",\"jobId\":\"" + JOB + "\",\"reservedTo\":1";
    }

    public static String resume(
            String name, String sha256, List<Pointer> checkpoints, String more) {
        StringBuilder list = new StringBuilder();
        for (Pointer checkpoint : checkpoints) {
            list.append(list.length() == 0 ? "" : ",").append(OtherEnd.json(checkpoint));
        }
        return "\"kind\":\"RESUME\",\"reason\":\"test\",\"jobId\":\""
                + JOB
                + "\",\"jobName\":\""
                + name
                + "\",\""
                + OtherEnd.PLAN
                + "\":{\"sha256\":\""
                + sha256
                + "\",\"bytes\":1},\"reservedTo\":193,\"checkpoints\":["
                + list
                + "]"
                + more;
    }

    /** Opens the gate as the agent would, and returns the run once Flink would be granted. */
    public Run grant(String start) throws Exception {
        agent.on("/v1/gate", call -> FakeAgent.ok(open(45_000, start)));
        var unused = gate.pollOnce();
        return granted.whenPrepared().get(30, TimeUnit.SECONDS);
    }

    /** Flink's REST endpoint is there. */
    public void publishRest(String address) {
        addresses.publish("restserver", LeaderInformation.known(UUID.randomUUID(), address));
    }

    public static String open(long remainingMillis, @Nullable String start) {
        return "{\"answer\":\"OPEN\",\"epoch\":"
                + EPOCH
                + ",\"session\":\""
                + SESSION
                + "\",\"remainingMillis\":"
                + remainingMillis
                + (start == null ? "" : ",\"" + OtherEnd.START + "\":{" + start + "}")
                + "}";
    }

    /** One that never saw a REST endpoint, and asks nobody. */
    public FinalSavepoint finalSavepoint() {
        LeaderAddresses nobody = new LeaderAddresses(client, granted);
        return new FinalSavepoint(
                new CheckpointsView(new RestEndpoint(nobody, configuration)),
                gate,
                Duration.ZERO,
                Duration.ZERO);
    }

    /** Lets the gate's deadline pass, as the watchdog sees it. */
    public void closeGate() {
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
        try {
            var unused = gate.watchOnce();
        } catch (Halt.Halted expected) {
            return;
        }
        throw new AssertionError("the gate did not close");
    }

    @Override
    public void close() {
        process.close();
        agent.close();
    }
}
