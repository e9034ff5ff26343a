package io.flinkha.lab.cluster;

import io.flinkha.lab.application.Side;
import java.util.List;

/** Whether a second pod waits for the leadership, and what of it runs meanwhile. */
public enum Standby {
    NONE(""),
    /** An agent that waits; its JobManager begins when it leads. */
    COLD("cold-"),
    /** Agent and JobManager. */
    WARM("standby-");

    private final String prefix;

    Standby(String prefix) {
        this.prefix = prefix;
    }

    /** Of what an application with it is called. */
    String prefix() {
        return prefix;
    }

    /** Below the project's root. Stock Flink's is always warm. */
    List<String> components(Side side) {
        if (this == NONE) {
            return List.of();
        }
        return List.of(
                side == Side.AGENT && this == WARM
                        ? "deploy/components/warm-standby"
                        : "lab/two-pods");
    }
}
