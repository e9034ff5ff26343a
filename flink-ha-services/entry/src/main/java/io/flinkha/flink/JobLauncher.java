package io.flinkha.flink;

/**
 * The main class that Flink is given in place of the user's, {@code --job-classname
 * io.flinkha.flink.JobLauncher}; all arguments are the user's.
 */
public final class JobLauncher {
    private JobLauncher() {}

    /** Called by Flink, after the grant. */
    public static void main(String[] args) throws Exception {
        FlinkLines.here().launch(args);
    }
}
