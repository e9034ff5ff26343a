package io.flinkha.agent.contract;

import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.ManifestMirror;
import io.flinkha.agent.port.Witness;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** A storage that keeps marks and copies in memory. */
public final class FakeWitness implements Witness {
    private final TreeMap<Long, String> marks = new TreeMap<>();
    private final TreeMap<String, Manifest> copies = new TreeMap<>();

    @Override
    public synchronized Marks mark(long epoch, String by) {
        marks.putIfAbsent(epoch, by);
        return new Marks(by.equals(marks.get(epoch)), highest(epoch));
    }

    @Override
    public synchronized Marks look(long epoch) {
        return new Marks(marks.containsKey(epoch), highest(epoch));
    }

    private long highest(long asked) {
        Long highest = marks.floorKey(asked + ElectionRules.TOO_FAR);
        return highest == null ? 0 : highest;
    }

    @Override
    public synchronized Copies copies() {
        return new Copies(copies.isEmpty() ? null : copies.lastEntry().getValue(), List.of());
    }

    @Override
    public synchronized Marks commit(Manifest manifest) throws IOException {
        copies.putIfAbsent(ManifestMirror.name(manifest), manifest);
        if (!manifest.equals(copies.get(ManifestMirror.name(manifest)))) {
            throw new IOException("it is there with other content");
        }
        return look(manifest.epoch());
    }
}
