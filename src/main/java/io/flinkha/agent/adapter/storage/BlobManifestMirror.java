package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Copies of the manifest as objects {@code manifests/<name>}. */
public final class BlobManifestMirror implements ManifestMirror {
    static final String DIRECTORY = "manifests";

    /** Up to {@link ManifestMirror#LAST_EPOCH}: whatever is called otherwise is no copy. */
    private static final Pattern NAME = Pattern.compile("0\\d{9}-\\d{12}\\.json");

    private final BlobStore store;

    public BlobManifestMirror(BlobStore store) {
        this.store = store;
    }

    static String object(String name) {
        return DIRECTORY + "/" + name;
    }

    @Override
    public void put(String name, String json) throws IOException {
        // One that is there is this one: epoch and sequence are given once.
        var unused = store.putIfAbsent(object(name), json.getBytes(UTF_8));
    }

    @Override
    public List<String> list() throws IOException {
        return store.list(DIRECTORY).stream()
                .map(blob -> blob.name().substring(DIRECTORY.length() + 1))
                .filter(NAME.asMatchPredicate())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    @Override
    public Optional<String> read(String name) throws IOException {
        return NAME.matcher(name).matches()
                ? store.get(object(name)).map(bytes -> new String(bytes, UTF_8))
                : Optional.empty();
    }

    @Override
    public void delete(String name) throws IOException {
        store.delete(object(name));
    }
}
