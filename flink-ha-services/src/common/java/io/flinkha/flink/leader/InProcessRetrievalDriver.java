package io.flinkha.flink.leader;

import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalDriver;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalEventHandler;

/**
 * Finds leader addresses in this very JVM, which knows those of another pod's leader while it
 * waits.
 */
public final class InProcessRetrievalDriver
        implements LeaderRetrievalDriver, LeaderAddresses.Watcher {
    private final LeaderAddresses addresses;
    private final String component;
    private final LeaderRetrievalEventHandler handler;

    public InProcessRetrievalDriver(
            LeaderAddresses addresses, String component, LeaderRetrievalEventHandler handler) {
        this.addresses = addresses;
        this.component = component;
        this.handler = handler;
        addresses.watch(this);
    }

    @Override
    public String component() {
        return component;
    }

    @Override
    public void leaderIs(LeaderInformation leader) {
        handler.notifyLeaderAddress(leader);
    }

    @Override
    public void close() {
        addresses.unwatch(this);
    }

    @Override
    public String toString() {
        return "in-process retrieval of " + component;
    }
}
