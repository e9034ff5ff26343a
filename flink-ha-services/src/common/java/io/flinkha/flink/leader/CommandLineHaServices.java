package io.flinkha.flink.leader;

import io.flinkha.flink.agent.AgentClient;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.Wire;
import io.flinkha.flink.jvm.DaemonThreads;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderretrieval.DefaultLeaderRetrievalService;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalDriver;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalEventHandler;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Flink's command line, run in the JobManager's container, find the leader's REST endpoint.
 */
public final class CommandLineHaServices implements ClientHighAvailabilityServices {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLineHaServices.class);
    private static final String COMPONENT = "restserver";

    private final AgentClient client;

    public CommandLineHaServices(AgentClient client) {
        this.client = client;
    }

    @Override
    public LeaderRetrievalService getClusterRestEndpointLeaderRetriever() {
        return new DefaultLeaderRetrievalService((handler, errors) -> new Poll(client, handler));
    }

    @Override
    public void close() {}

    private static final class Poll implements LeaderRetrievalDriver {
        private final AgentClient client;
        private final LeaderRetrievalEventHandler handler;
        private final ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(new DaemonThreads("flink-ha-leader"));

        Poll(AgentClient client, LeaderRetrievalEventHandler handler) {
            this.client = client;
            this.handler = handler;
            var unused = thread.scheduleWithFixedDelay(this::ask, 0, 1, TimeUnit.SECONDS);
        }

        private void ask() {
            try {
                JsonNode answer = client.get("/v1/leader");
                Map<String, String> leaders = Wire.leaders(answer);
                String address = leaders.get(COMPONENT);
                if (address != null) {
                    UUID session = UUID.fromString(Wire.text(answer, "session"));
                    handler.notifyLeaderAddress(LeaderInformation.known(session, address));
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
