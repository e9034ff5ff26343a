package io.flinkha.flink.process;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one run that this process is granted, or not yet. */
public final class GrantedRun {
    private final CompletableFuture<Run> granted = new CompletableFuture<>();

    /** Its start is in the configuration: Flink may be granted leadership. */
    public void prepared(Run run) {
        granted.complete(run);
    }

    /** Its start could not be prepared. A halt is on its way. */
    public void failed(Throwable why) {
        granted.completeExceptionally(why);
    }

    /** Completes right before Flink is granted leadership. */
    public CompletableFuture<Run> whenPrepared() {
        return granted;
    }

    /** For what Flink asks for only once it leads. */
    public Run get() {
        Run run = granted.getNow(null);
        if (run == null) {
            throw new IllegalStateException("Flink asked for a run before it was granted one.");
        }
        return run;
    }

    /** Nothing yet while this JVM waits, is a warm standby, or prepares its start. */
    public @Nullable Run orNull() {
        return granted.isDone() && !granted.isCompletedExceptionally() ? granted.join() : null;
    }
}
