package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.PlanStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Plans as objects {@code plans/<sha256>}. A plan that is longer than one object lies in parts,
 * {@code plans/<upload>-<number>}, and its object lists their names, a line each: no store needs to
 * take a stream, and none is trusted with half of one. Each upload has its own parts, so that a
 * plan that is deleted takes nothing from another.
 */
public final class BlobPlanStore implements PlanStore {
    static final String DIRECTORY = "plans";
    static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    static final Pattern PART = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\\d+");
    private static final int CHUNK = 64 * 1024;

    private final BlobStore store;

    public BlobPlanStore(BlobStore store) {
        this.store = store;
    }

    static String object(String name) {
        return DIRECTORY + "/" + name;
    }

    @Override
    public Writer create() {
        return new PlanWriter(store, this);
    }

    @Override
    public Optional<InputStream> open(PlanRef ref) throws IOException {
        Optional<byte[]> head = store.get(object(ref.sha256()));
        if (head.isEmpty() || ref.bytes() <= BlobStore.MAX_BYTES) {
            return head.map(ByteArrayInputStream::new);
        }
        return Optional.of(new PartStream(store, parts(head.get())));
    }

    @Override
    public Optional<String> damage(PlanRef ref) throws IOException {
        String place = store.place(object(ref.sha256()));
        Optional<InputStream> found = open(ref);
        if (found.isEmpty()) {
            return Optional.of("the stored plan %s is gone".formatted(place));
        }
        MessageDigest digest = PlanWriter.sha256();
        long bytes = 0;
        try (InputStream in = found.get()) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
                bytes += n;
            }
        } catch (PartStream.PartGone e) {
            return Optional.of(
                    "the stored plan %s is damaged: its part %s is gone"
                            .formatted(place, e.part()));
        }
        if (bytes != ref.bytes()) {
            return Optional.of(
                    "the stored plan %s is damaged: %d bytes recorded, %d found"
                            .formatted(place, ref.bytes(), bytes));
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        return actual.equals(ref.sha256())
                ? Optional.empty()
                : Optional.of(
                        "the stored plan %s is damaged: its sha256 is %s".formatted(place, actual));
    }

    /** The list before the parts: what is cut off in between leaves parts that nobody names. */
    @Override
    public void delete(String sha256) throws IOException {
        Optional<byte[]> head = store.get(object(sha256));
        store.delete(object(sha256));
        if (head.isPresent()) {
            deleteParts(parts(head.get()));
        }
    }

    void deleteParts(List<String> parts) throws IOException {
        for (String part : parts) {
            store.delete(object(part));
        }
    }

    /**
     * Makes a plan visible. An object of its name is the same plan, by another upload or by this
     * one, whose answer was lost; or it is damaged, and then of no use to anybody.
     */
    void place(PlanRef ref, byte[] head, List<String> parts) throws IOException {
        String name = object(ref.sha256());
        if (put(name, head)) {
            return;
        }
        if (damage(ref).isEmpty()) {
            deleteParts(parts);
            return;
        }
        store.delete(name);
        if (!put(name, head)) {
            throw new IOException("%s is being written by two".formatted(store.place(name)));
        }
    }

    /** Whether the object is what was put, now or by a write whose outcome is not known. */
    boolean put(String name, byte[] content) throws IOException {
        try {
            return store.putIfAbsent(name, content) || isThere(name, content);
        } catch (IOException e) {
            if (isThere(name, content)) {
                return true;
            }
            throw e;
        }
    }

    private boolean isThere(String name, byte[] content) throws IOException {
        Optional<byte[]> there = store.get(name);
        return there.isPresent() && Arrays.equals(there.get(), content);
    }

    /** The parts that an object lists; none if it is no list. */
    static List<String> parts(byte[] head) {
        List<String> lines = new String(head, UTF_8).lines().toList();
        return lines.stream().allMatch(PART.asMatchPredicate()) ? lines : List.of();
    }
}
