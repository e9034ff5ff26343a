package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.BlobStore.Blob;
import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All that the agent keeps for one cluster-id, for what a person does with it. */
public final class AgentStorage {
    private final BlobStore store;

    public AgentStorage(BlobStore store) {
        this.store = store;
    }

    /** The copies of the manifest, for people. */
    public String manifests() {
        return store.place(BlobManifestMirror.DIRECTORY);
    }

    /** Where it all is, for people. */
    public String place() {
        return store.place("");
    }

    public String place(String name) {
        return store.place(name);
    }

    public ManifestMirror mirror() {
        return new BlobManifestMirror(store);
    }

    /** Names of plans, marks and copies of the manifest, whole and half-written. */
    public List<String> all() throws IOException {
        return blobs().stream().map(Blob::name).toList();
    }

    private List<Blob> blobs() throws IOException {
        List<Blob> all = new ArrayList<>(store.list(BlobPlanStore.DIRECTORY));
        all.addAll(store.list(BlobManifestMirror.DIRECTORY));
        all.addAll(store.list(BlobWitness.DIRECTORY));
        all.addAll(store.list(SelfTest.DIRECTORY));
        return all;
    }

    /**
     * Names of what nobody names: copies before {@code committed} beyond the newest, and what is
     * older than {@code since} of plans, parts, half-written files and probes. A younger one may be
     * about to be named, and a copy after it may be a commit that the API server has yet to hear
     * of.
     */
    public List<String> unnamed(Set<String> plansInUse, Manifest committed, Instant since)
            throws IOException {
        Set<String> inUse = new HashSet<>(plansInUse);
        for (String plan : plansInUse) {
            Optional<byte[]> head = store.get(BlobPlanStore.object(plan));
            head.map(BlobPlanStore::parts).ifPresent(inUse::addAll);
        }
        List<String> unnamed = new ArrayList<>();
        for (Blob blob : blobs()) {
            if (isCandidate(blob.name(), inUse) && blob.modified().isBefore(since)) {
                unnamed.add(blob.name());
            }
        }
        mirror().list().stream()
                .filter(name -> name.compareTo(committed.copyName()) <= 0)
                .skip(ManifestMirror.KEPT)
                .map(name -> BlobManifestMirror.DIRECTORY + "/" + name)
                .forEach(unnamed::add);
        return unnamed;
    }

    private static boolean isCandidate(String name, Set<String> inUse) {
        int slash = name.indexOf('/');
        String directory = name.substring(0, slash);
        String last = name.substring(slash + 1);
        boolean plan =
                directory.equals(BlobPlanStore.DIRECTORY)
                        && (BlobPlanStore.NAME.matcher(last).matches()
                                || BlobPlanStore.PART.matcher(last).matches());
        return (plan && !inUse.contains(last))
                || last.startsWith(WholeFile.PREFIX)
                || directory.equals(SelfTest.DIRECTORY);
    }

    /** One that is gone is no failure: the agent may have been there before. */
    public void delete(List<String> names) throws IOException {
        for (String name : names) {
            store.delete(name);
        }
    }
}
