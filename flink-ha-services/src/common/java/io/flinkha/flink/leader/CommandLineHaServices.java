package io.flinkha.flink.leader;

import io.flinkha.flink.agent.Agent;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderretrieval.DefaultLeaderRetrievalService;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalDriver;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalEventHandler;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;

/**
 * Lets Flink's command line, run in the JobManager's container, find the leader's REST endpoint.
 */
public final class CommandLineHaServices implements ClientHighAvailabilityServices {
    private static final String COMPONENT = "restserver";

    private final Agent agent;

    public CommandLineHaServices(Agent agent) {
        this.agent = agent;
    }

    @Override
    public LeaderRetrievalService getClusterRestEndpointLeaderRetriever() {
        return new DefaultLeaderRetrievalService((handler, errors) -> new Driver(agent, handler));
    }

    @Override
    public void close() {}

    private static final class Driver implements LeaderRetrievalDriver {
        private final LeaderPoll poll;

        Driver(Agent agent, LeaderRetrievalEventHandler handler) {
            this.poll =
                    new LeaderPoll(
                            agent,
                            0,
                            leaders -> {
                                LeaderInformation leader = leaders.get(COMPONENT);
                                if (leader != null) {
                                    handler.notifyLeaderAddress(leader);
                                }
                            });
        }

        @Override
        public void close() {
            poll.close();
        }
    }
}
