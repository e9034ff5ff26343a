package io.flinkha.flink;

/** The line of Flink's HA API that this jar is made for. */
final class FlinkLine {
    static final String MINOR = "2.3";

    private FlinkLine() {}
}
