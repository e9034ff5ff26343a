package io.flinkha.agent.contract;

import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.StorageFailure.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory, in a store that can be made to fail in each way that a real one does. */
public final class FakeBlobStore implements BlobStore {
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

    /** What happens to puts. */
    public enum Puts {
        WORK,
        /** It is written, and the answer is lost. */
        ANSWER_LOST,
        /** It is written, the answer is lost, and the client asks again by itself. */
        REPEATED,
        /** A proxy drops the condition. */
        CONDITION_IGNORED
    }

    public Puts puts = Puts.WORK;

    /** The verb that the credentials do not allow; empty if they allow all. */
    public String denied = "";

    /** What the store's clock says. */
    public Instant clock = Instant.now();

    private void allow(String verb, String name) throws IOException {
        if (verb.equals(denied)) {
            throw new StorageFailure(Kind.DENIED, verb + " " + place(name) + " denied", null);
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        allow("put", name);
        byte[] before = objects.putIfAbsent(name, content.clone());
        if (before == null && puts == Puts.ANSWER_LOST) {
            throw new StorageFailure(Kind.UNREACHABLE, "the answer is lost", null);
        }
        if (puts == Puts.CONDITION_IGNORED) {
            objects.put(name, content.clone());
            return true;
        }
        return before == null && puts != Puts.REPEATED;
    }

    /** As somebody else does, or a disk. */
    public void overwrite(String name, byte[] content) {
        objects.put(name, content);
    }

    @Override
    public Optional<byte[]> get(String name) throws IOException {
        allow("get", name);
        return Optional.ofNullable(objects.get(name)).map(byte[]::clone);
    }

    @Override
    public List<Blob> list(String directory) throws IOException {
        allow("list", directory);
        return objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith(directory + "/"))
                .map(object -> new Blob(object.getKey(), object.getValue().length, clock))
                .toList();
    }

    @Override
    public void delete(String name) throws IOException {
        allow("delete", name);
        objects.remove(name);
    }

    @Override
    public String place(String name) {
        return "fake:/" + name;
    }
}
