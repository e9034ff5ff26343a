package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.BlobStore.Blob;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Does with a storage once all that will be done with it, so that what is wrong is said at the
 * start and not at the first failover.
 */
public final class SelfTest {
    static final String DIRECTORY = "probe";

    /** A store refuses signatures of a clock that is off by 15 min; the first third says so. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final BlobStore store;

    public SelfTest(BlobStore store) {
        this.store = store;
    }

    /**
     * What is wrong though every call succeeded, in one sentence; empty if nothing is.
     *
     * @param now by this machine's clock
     * @throws IOException with a sentence, of the first call that failed
     */
    public Optional<String> run(Instant now) throws IOException {
        String name = DIRECTORY + "/" + UUID.randomUUID();
        byte[] first = "first".getBytes(UTF_8);
        if (!store.putIfAbsent(name, first)) {
            return Optional.of(
                    "%s: a new object is said to exist already.".formatted(store.place(name)));
        }
        Optional<String> found = look(name, first, now);
        store.delete(name);
        if (found.isEmpty() && store.get(name).isPresent()) {
            return Optional.of(
                    "%s: a deleted object is still there: look for a bucket policy or a lock."
                            .formatted(store.place(name)));
        }
        return found;
    }

    private Optional<String> look(String name, byte[] first, Instant now) throws IOException {
        if (store.putIfAbsent(name, "second".getBytes(UTF_8))) {
            return Optional.of(
                    "%s: the store ignores put-if-absent (If-None-Match: *): use one that honours it, or look for a proxy that drops the header."
                            .formatted(store.place(name)));
        }
        Optional<byte[]> there = store.get(name);
        if (there.isEmpty() || !Arrays.equals(there.get(), first)) {
            return Optional.of(
                    "%s: what was written is not what is read.".formatted(store.place(name)));
        }
        Optional<Blob> listed =
                store.list(DIRECTORY).stream().filter(blob -> blob.name().equals(name)).findAny();
        if (listed.isEmpty()) {
            return Optional.of(
                    "%s: an object that was just written is not listed."
                            .formatted(store.place(name)));
        }
        Duration skew = Duration.between(now, listed.get().modified()).abs();
        return skew.compareTo(SKEW) <= 0
                ? Optional.empty()
                : Optional.of(
                        "%s: the clocks of this node and of the store differ by %d s: look at this node's time service."
                                .formatted(store.place(name), skew.toSeconds()));
    }
}
