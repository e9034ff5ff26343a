package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.StorageFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.opendal.Entry;
import org.apache.opendal.OpenDALException;
import org.apache.opendal.Operator;
import org.apache.opendal.WriteOptions;

/**
 * Objects of a cloud's store, by Apache OpenDAL's blocking calls. Its asynchronous ones complete
 * their futures on native threads, where results are never released, and where a class loader other
 * than the JVM's own has no classes: the future then never ends.
 */
final class ObjectBlobStore implements BlobStore {
    /** Denied more often than this, the same credentials would only be read again. */
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private final String root;
    private final Supplier<Operator> connect;
    private final Deadline deadline;
    private volatile Connection connection;

    private record Connection(Operator operator, long since) {}

    /**
     * Connects when it is first asked.
     *
     * @param root its URI, for people
     * @param connect reads credentials anew each time
     */
    ObjectBlobStore(String root, Supplier<Operator> connect, Duration timeout) {
        this.root = root;
        this.connect = connect;
        this.deadline = new Deadline(timeout);
        this.connection = new Connection(connect.get(), System.nanoTime());
    }

    private interface Call<T> {
        T on(Operator operator);
    }

    private <T> T call(String verb, String name, Call<T> call) throws IOException {
        Connection used = connection;
        try {
            return once(used.operator(), verb, name, call);
        } catch (StorageFailure e) {
            if (e.kind() == Kind.DENIED && renew(used)) {
                return once(connection.operator(), verb, name, call);
            }
            throw e;
        }
    }

    private <T> T once(Operator used, String verb, String name, Call<T> call) throws IOException {
        return deadline.within(
                () -> {
                    try {
                        return call.on(used);
                    } catch (OpenDALException e) {
                        throw OpenDalFailures.of(verb, place(name), e);
                    }
                },
                verb,
                place(name));
    }

    /**
     * Credentials may have been renewed where they are read from. The old connection is left to
     * itself: a call may still hang in it, and it costs a few kB.
     */
    private synchronized boolean renew(Connection denied) {
        if (connection.since() == denied.since()) {
            long now = System.nanoTime();
            if (now - denied.since() < RENEWAL.toNanos()) {
                return false;
            }
            try {
                connection = new Connection(connect.get(), now);
            } catch (OpenDALException e) {
                // What is read anew is worse than what is there.
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        return call(
                "put",
                name,
                operator -> {
                    try {
                        operator.write(
                                name, content, WriteOptions.builder().ifNotExists(true).build());
                        return true;
                    } catch (OpenDALException e) {
                        if (e.getCode() == OpenDALException.Code.ConditionNotMatch
                                || e.getCode() == OpenDALException.Code.AlreadyExists) {
                            return false;
                        }
                        throw e;
                    }
                });
    }

    @Override
    public Optional<byte[]> get(String name) throws IOException {
        return call(
                "get",
                name,
                operator -> {
                    try {
                        return Optional.of(operator.read(name));
                    } catch (OpenDALException e) {
                        if (OpenDalFailures.isAbsence(e)) {
                            return Optional.empty();
                        }
                        throw e;
                    }
                });
    }

    @Override
    public List<Blob> list(String directory) throws IOException {
        List<Entry> entries = call("list", directory, operator -> operator.list(directory + "/"));
        return entries.stream()
                .filter(entry -> !entry.path.endsWith("/"))
                .map(ObjectBlobStore::blob)
                .toList();
    }

    private static Blob blob(Entry entry) {
        Instant modified = entry.metadata.lastModified;
        return new Blob(
                entry.path,
                entry.metadata.contentLength,
                modified == null ? Instant.EPOCH : modified);
    }

    @Override
    public void delete(String name) throws IOException {
        Boolean unused =
                call(
                        "delete",
                        name,
                        operator -> {
                            operator.delete(name);
                            return true;
                        });
    }

    @Override
    public String place(String name) {
        return root + name;
    }
}
