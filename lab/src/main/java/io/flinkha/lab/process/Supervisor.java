package io.flinkha.lab.process;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The kubelet of the demo. Whatever it started is dead when it is closed, or the laboratory ends.
 */
public final class Supervisor implements AutoCloseable {
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private final Thread lastWill = new Thread(this::destroyAll, "last-will");

    public Supervisor() {
        Runtime.getRuntime().addShutdownHook(lastWill);
    }

    public Child start(ChildSpec spec) {
        return start(new Child(spec));
    }

    /** A JobManager under {@code flink-ha-run}. */
    public SupervisedChild start(ChildSpec spec, Path runDirectory) {
        return start(new SupervisedChild(spec, runDirectory));
    }

    private <T extends Child> T start(T child) {
        children.add(child);
        child.start();
        return child;
    }

    private void destroyAll() {
        children.forEach(Child::destroy);
    }

    @Override
    public void close() {
        destroyAll();
        children.clear();
        try {
            Runtime.getRuntime().removeShutdownHook(lastWill);
        } catch (IllegalStateException e) {
            // The laboratory is ending already: then the hook does it.
        }
    }
}
