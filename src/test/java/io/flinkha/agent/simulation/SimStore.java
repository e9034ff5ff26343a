package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.ManifestMirror;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Marks of epochs and copies of the manifest, each put only where there is none of its name. */
public final class SimStore {
    private final TreeMap<Long, String> marks = new TreeMap<>();
    private final TreeMap<String, Manifest> copies = new TreeMap<>();

    /** Carries out one request, at once and whole. */
    public Event perform(Action.ToWitness asked) {
        return switch (asked) {
            case Action.PutMark put -> {
                boolean mine = putMark(put.epoch(), put.by());
                yield new Event.MarksSeen(put.call(), mine, highestMark());
            }
            case Action.LookForMarks look ->
                    new Event.MarksSeen(look.call(), hasMark(look.epoch()), highestMark());
            case Action.ReadCopies read ->
                    new Event.CopiesRead(read.call(), newestCopy(), List.of());
            case Action.CommitCopy commit -> {
                putCopy(commit.manifest());
                boolean mine = hasMark(commit.manifest().epoch());
                yield new Event.CopyCommitted(commit.call(), mine, highestMark());
            }
        };
    }

    /** Whether the mark that lies there now is this one's. */
    public boolean putMark(long epoch, String by) {
        marks.putIfAbsent(epoch, by);
        return by.equals(marks.get(epoch));
    }

    boolean hasMark(long epoch) {
        return marks.containsKey(epoch);
    }

    long highestMark() {
        return marks.isEmpty() ? 0 : marks.lastKey();
    }

    /** A rule of the bucket. */
    public void deleteMarks() {
        marks.clear();
    }

    public void putCopy(Manifest manifest) {
        copies.putIfAbsent(ManifestMirror.name(manifest), manifest);
    }

    public @Nullable Manifest newestCopy() {
        return copies.isEmpty() ? null : copies.lastEntry().getValue();
    }
}
