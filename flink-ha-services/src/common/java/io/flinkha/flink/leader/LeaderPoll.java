package io.flinkha.flink.leader;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.jvm.DaemonThreads;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the agent again and again who leads, until it is closed; one more answer may come then. */
final class LeaderPoll implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderPoll.class);

    private final Agent agent;
    private final Consumer<Map<String, LeaderInformation>> listener;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("flink-ha-leader"));
    private boolean complained;

    /**
     * @param first seconds until it asks for the first time
     * @param listener given each answer; an empty one while nobody leads
     */
    LeaderPoll(Agent agent, long first, Consumer<Map<String, LeaderInformation>> listener) {
        this.agent = agent;
        this.listener = listener;
        var unused = thread.scheduleWithFixedDelay(this::ask, first, 1, TimeUnit.SECONDS);
    }

    private void ask() {
        try {
            listener.accept(agent.leaderAddresses());
            complained = false;
        } catch (IOException | AgentRefusal | IllegalArgumentException e) {
            if (!complained) {
                complained = true;
                LOG.warn(
                        "The agent of this pod does not say who leads, it is asked again ({})",
                        e.toString());
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
