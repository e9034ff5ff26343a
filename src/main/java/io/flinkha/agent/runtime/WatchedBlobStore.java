package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.StorageFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts what a storage is asked for, and tells people when it begins and ceases to fail. */
public final class WatchedBlobStore implements BlobStore {
    /** A storage that fails now and then in the same way is told of once in a while. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final BlobStore store;
    private final Meter meter;
    private final Consumer<Notice> notices;
    private final MonotonicClock clock;
    private boolean failing;
    private long toldAt;
    private @Nullable Kind told;

    /** Told of each request. */
    public interface Meter {
        /**
         * One request has ended.
         *
         * @param result {@code ok}, or the kind of failure
         */
        void asked(String verb, String result, long nanos);
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    public WatchedBlobStore(
            BlobStore store, Meter meter, Consumer<Notice> notices, MonotonicClock clock) {
        this.store = store;
        this.meter = meter;
        this.notices = notices;
        this.clock = clock;
    }

    private <T> T watched(String verb, Call<T> call) throws IOException {
        long start = clock.nanos();
        try {
            T answer = call.run();
            meter.asked(verb, "ok", clock.nanos() - start);
            answered();
            return answer;
        } catch (IOException e) {
            Kind kind = e instanceof StorageFailure failure ? failure.kind() : Kind.FAILED;
            meter.asked(verb, kind.name().toLowerCase(Locale.ROOT), clock.nanos() - start);
            failed(e, kind);
            throw e;
        }
    }

    private synchronized void failed(IOException e, Kind kind) {
        long now = clock.nanos();
        if (!failing && (kind != told || now - toldAt >= QUIET.toNanos())) {
            toldAt = now;
            told = kind;
            failing = true;
            notices.accept(
                    new Notice(Notice.Kind.WARNING, "StorageDegraded", StorageFailure.sentence(e)));
        }
    }

    private synchronized void answered() {
        if (failing) {
            failing = false;
            notices.accept(
                    new Notice(
                            Notice.Kind.NORMAL,
                            "StorageRecovered",
                            "%s answers again".formatted(store.place(""))));
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        return watched("put", () -> store.putIfAbsent(name, content));
    }

    @Override
    public Optional<byte[]> get(String name) throws IOException {
        return watched("get", () -> store.get(name));
    }

    @Override
    public List<Blob> list(String directory) throws IOException {
        return watched("list", () -> store.list(directory));
    }

    @Override
    public void delete(String name) throws IOException {
        watched(
                "delete",
                () -> {
                    store.delete(name);
                    return name;
                });
    }

    @Override
    public String place(String name) {
        return store.place(name);
    }
}
