package io.flinkha.flink.leader;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.jvm.DaemonThreads;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderretrieval.DefaultLeaderRetrievalService;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalDriver;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalEventHandler;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Flink's command line, run in the JobManager's container, find the leader's REST endpoint.
 */
public final class CommandLineHaServices implements ClientHighAvailabilityServices {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLineHaServices.class);
    private static final String COMPONENT = "restserver";

    private final Agent agent;

    public CommandLineHaServices(Agent agent) {
        this.agent = agent;
    }

    @Override
    public LeaderRetrievalService getClusterRestEndpointLeaderRetriever() {
        return new DefaultLeaderRetrievalService((handler, errors) -> new Poll(agent, handler));
    }

    @Override
    public void close() {}

    private static final class Poll implements LeaderRetrievalDriver {
        private final Agent agent;
        private final LeaderRetrievalEventHandler handler;
        private final ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(new DaemonThreads("flink-ha-leader"));

        Poll(Agent agent, LeaderRetrievalEventHandler handler) {
            this.agent = agent;
            this.handler = handler;
            var unused = thread.scheduleWithFixedDelay(this::ask, 0, 1, TimeUnit.SECONDS);
        }

        private void ask() {
            try {
                LeaderInformation leader = agent.leader(COMPONENT);
                if (!leader.isEmpty()) {
                    handler.notifyLeaderAddress(leader);
                }
            } catch (IOException | AgentRefusal | IllegalArgumentException e) {
                LOG.warn("The agent of this pod does not say who leads ({})", e.toString());
            }
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
