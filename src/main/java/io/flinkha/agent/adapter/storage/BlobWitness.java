package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.ManifestMirror;
import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.Witness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Marks as objects {@code epochs/<number>}, and the copies of {@link BlobManifestMirror}. */
public final class BlobWitness implements Witness {
    static final String DIRECTORY = "epochs";

    /** Of its own epoch and before: whoever led in one that is gone sees its mark missing. */
    private static final int KEPT = 10;

    /** Up to {@link ManifestMirror#LAST_EPOCH}. */
    private static final Pattern NAME = Pattern.compile("0\\d{9}");

    private static final Logger LOG = Logger.getLogger(BlobWitness.class);

    private final BlobStore store;
    private final ManifestMirror mirror;
    private final CopySeal seal;
    private final Function<Manifest, String> json;
    private final Function<String, Manifest> decode;

    /**
     * A witness that leaves and finds things in {@code store}.
     *
     * @param json text of a manifest, as the API server has it
     * @param decode the way back; an IllegalArgumentException for what is none
     */
    public BlobWitness(
            BlobStore store,
            CopySeal seal,
            Function<Manifest, String> json,
            Function<String, Manifest> decode) {
        this.store = store;
        this.mirror = new BlobManifestMirror(store);
        this.seal = seal;
        this.json = json;
        this.decode = decode;
    }

    private static String object(long epoch) {
        return "%s/%010d".formatted(DIRECTORY, epoch);
    }

    @Override
    public Marks mark(long epoch, String by) throws IOException {
        String name = object(epoch);
        boolean mine = store.putIfAbsent(name, by.getBytes(UTF_8));
        if (!mine) {
            // The answer to an earlier attempt may have been lost.
            Optional<byte[]> there = store.get(name);
            mine = there.isPresent() && new String(there.get(), UTF_8).equals(by);
        }
        NavigableMap<Long, String> marks = marks(epoch);
        if (mine) {
            deleteOlder(new TreeMap<>(marks.headMap(epoch, true)));
        }
        return new Marks(mine && marks.containsKey(epoch), highest(marks));
    }

    /** Nothing hangs on it: where nothing may be deleted, the self-test has said so. */
    private void deleteOlder(NavigableMap<Long, String> marks) {
        try {
            while (marks.size() > KEPT) {
                store.delete(marks.pollFirstEntry().getValue());
            }
        } catch (IOException e) {
            LOG.debugf("Old marks stay: %s", StorageFailure.sentence(e));
        }
    }

    @Override
    public Marks look(long epoch) throws IOException {
        NavigableMap<Long, String> marks = marks(epoch);
        return new Marks(marks.containsKey(epoch), highest(marks));
    }

    /** But for those that are too far above: they would drag the next epoch up to them. */
    private NavigableMap<Long, String> marks(long epoch) throws IOException {
        NavigableMap<Long, String> marks = new TreeMap<>();
        for (BlobStore.Blob blob : store.list(DIRECTORY)) {
            String name = blob.name().substring(DIRECTORY.length() + 1);
            if (NAME.matcher(name).matches()
                    && Long.parseLong(name) - epoch <= ElectionRules.TOO_FAR) {
                marks.put(Long.parseLong(name), blob.name());
            }
        }
        return marks;
    }

    private static long highest(NavigableMap<Long, String> marks) {
        return marks.isEmpty() ? 0 : marks.lastKey();
    }

    @Override
    public Copies copies() throws IOException {
        if (!seal.hasKey()) {
            return new Copies(null, mirror.list());
        }
        List<String> unverified = new ArrayList<>();
        for (String name : mirror.list()) {
            Optional<String> copy = mirror.read(name);
            if (copy.isEmpty()) {
                continue;
            }
            Manifest manifest = verified(name, copy.get());
            if (manifest != null) {
                return new Copies(manifest, unverified);
            }
            unverified.add(name);
        }
        return new Copies(null, unverified);
    }

    private @Nullable Manifest verified(String name, String copy) {
        try {
            return seal.verified(name, copy).map(decode).orElse(null);
        } catch (IllegalArgumentException e) {
            // Sealed by a newer agent, in a format that this one does not know.
            return null;
        }
    }

    @Override
    public Marks commit(Manifest manifest) throws IOException {
        if (!seal.hasKey()) {
            throw new IOException("There is no key to seal a copy of the manifest with.");
        }
        String name = ManifestMirror.name(manifest);
        byte[] copy = seal.seal(name, json.apply(manifest)).getBytes(UTF_8);
        String object = BlobManifestMirror.object(name);
        // A late put of this pod's last agent may have that name, or somebody who may write here.
        if (!store.putIfAbsent(object, copy)
                && !store.get(object).filter(there -> Arrays.equals(there, copy)).isPresent()) {
            throw new IOException("%s is there with other content.".formatted(store.place(object)));
        }
        return look(manifest.epoch());
    }
}
