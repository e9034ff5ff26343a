package io.flinkha.agent.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The storage that checkpoints lie in. */
final class SimStorage {
    private final Set<String> paths = new HashSet<>();
    private final Consumer<String> onDelete;

    /**
     * An empty one.
     *
     * @param onDelete sees what is about to be deleted
     */
    SimStorage(Consumer<String> onDelete) {
        this.onDelete = onDelete;
    }

    void write(String path) {
        paths.add(path);
    }

    void delete(String path) {
        onDelete.accept(path);
        paths.remove(path);
    }

    boolean holds(String path) {
        return paths.contains(path);
    }
}
