package io.flinkha.flink.leader;

import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import java.util.concurrent.CompletionException;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriver;
import org.apache.flink.runtime.leaderelection.LeaderInformation;

/**
 * Passes the agent's grant on to Flink; there is nothing to elect in this JVM.
 *
 * <p>It never revokes, since a lost gate halts the JVM, and never emits a leader information
 * change: the agent alone writes the leader ConfigMap, and such an event between grant and
 * confirmation makes Flink publish an empty leader (FLINK-40114). Flink may close the driver and
 * create another in the same process, which is granted the same session again.
 */
public final class AgentElectionDriver implements LeaderElectionDriver {
    private final Gate gate;
    private final LeaderAddresses addresses;
    private volatile boolean leads;
    private volatile boolean closed;

    public AgentElectionDriver(
            Gate gate, LeaderAddresses addresses, GrantedRun granted, Listener listener) {
        this.gate = gate;
        this.addresses = addresses;
        // Not on the calling thread: Flink creates drivers under its election lock.
        granted.whenPrepared()
                .thenAcceptAsync(
                        run -> {
                            if (!closed) {
                                leads = true;
                                listener.onGrantLeadership(run.session());
                            }
                        },
                        work -> DaemonThreads.start("flink-ha-grant", work))
                .exceptionally(failure -> {
                    Throwable cause =
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure;
                    listener.onError(cause);
                    return null;
                });
    }

    @Override
    public boolean hasLeadership() {
        return leads && !closed && gate.isOpen();
    }

    @Override
    public void publishLeaderInformation(String componentId, LeaderInformation leader) {
        addresses.publish(componentId, leader);
    }

    @Override
    public void deleteLeaderInformation(String componentId) {
        addresses.delete(componentId);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "the agent's election driver";
    }
}
