package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.adapter.storage.CopySeal;
import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.port.ManifestMirror;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Writes the manifest from its copy in the storage: the cluster is lost, or the manifest alone. */
final class RestoreFromStorage {
    private final CommandTarget target;
    private final AgentStorage storage;
    private final KubernetesObjects objects;

    /** What is there now, and names no run. */
    private record Present(long epoch, @Nullable String version) {}

    RestoreFromStorage(CommandTarget target, AgentStorage storage) {
        this.target = target;
        this.storage = storage;
        this.objects = target.objects();
    }

    void run(@Nullable String object, boolean confirmed)
            throws RefusedException, IOException, InterruptedException {
        long inLease = target.leaseOfNobody().map(LeaseRecord::claimed).orElse(0L);
        KubernetesManifestStore manifests = objects.manifests();
        Present present = nothingToLose(ok("Reading the manifest", manifests.read()));
        long claimed =
                Math.max(
                        inLease,
                        ok("Reading the leader ConfigMap", objects.leaderAddresses().witness())
                                .epoch());
        CopySeal seal = new CopySeal(objects.clusterId(), manifests::copyKey);
        List<StoredCopy> copies = copies(seal);
        StoredCopy taken =
                copies.stream()
                        .filter(copy -> object == null ? copy.isFit() : copy.name().equals(object))
                        .findFirst()
                        .orElse(null);
        target.say("Copies of the manifest in %s, newest first:".formatted(storage.manifests()));
        copies.forEach(copy -> target.say((copy.equals(taken) ? "* " : "  ") + copy.line()));
        if (taken == null) {
            throw object == null ? noneIsFit(seal) : notThere(object, copies);
        }
        Manifest manifest = taken.manifest();
        if (manifest == null) {
            throw new RefusedException(
                    "Copy %s in %s is no manifest (%s): name another one with --object: %s."
                            .formatted(
                                    taken.name(),
                                    storage.manifests(),
                                    taken.mistake(),
                                    names(copies)));
        }
        long epoch = epoch(manifest, copies, Math.max(present.epoch(), claimed));
        tell(taken.name(), manifest);
        if (claimed > manifest.epoch()) {
            target.say(
                    "Epoch %d was claimed after this copy was written: what that one recorded is not in it."
                            .formatted(claimed));
        }
        if (!confirmed) {
            throw new RefusedException(
                    "Nothing was written: call again with --yes, or name another copy with --object.");
        }
        // As text: fields of a newer agent stay.
        String restored = new JsonObject(taken.json()).put("epoch", epoch).encode();
        ok("Writing the manifest", objects.writeManifest(restored, present.version()));
        target.say(
                "Written. The next agent takes an epoch above %d: apply the Job now."
                        .formatted(epoch));
    }

    private List<StoredCopy> copies(CopySeal seal) throws RefusedException, IOException {
        List<StoredCopy> copies = new ArrayList<>();
        for (String name : storage.mirror().list()) {
            // One that went meanwhile is none.
            storage.mirror()
                    .read(name)
                    .ifPresent(copy -> copies.add(StoredCopy.of(name, copy, seal)));
        }
        if (copies.isEmpty()) {
            throw new RefusedException(
                    "There is no copy of a manifest in %s: look whether cluster-id, namespace and storage are those of the cluster that was lost."
                            .formatted(storage.manifests()));
        }
        return copies;
    }

    private RefusedException noneIsFit(CopySeal seal) {
        return new RefusedException(
                "None of the copies in %s is taken by itself: each is no manifest, or not the one that its name says%s. Nothing was written; name one of them with --object."
                        .formatted(
                                storage.manifests(),
                                seal.hasKey()
                                        ? ", or does not verify by the key in ConfigMap %s of namespace %s, which may be younger than they are"
                                                .formatted(
                                                        objects.manifestName(), objects.namespace())
                                        : ""));
    }

    private RefusedException notThere(String object, List<StoredCopy> copies) {
        return new RefusedException(
                "There is no copy %s in %s; there are: %s."
                        .formatted(object, storage.manifests(), names(copies)));
    }

    private static String names(List<StoredCopy> copies) {
        return copies.stream().map(StoredCopy::name).collect(Collectors.joining(", "));
    }

    /**
     * At least all that was ever seen, or the agent would take the manifest for rolled back, and
     * what it copies next for older than what lies there, or for the same by its name. A copy that
     * is not fit counts as far as an agent could have come: its number may be anybody's.
     */
    private long epoch(Manifest taken, List<StoredCopy> copies, long elsewhere)
            throws RefusedException {
        long known =
                copies.stream()
                        .filter(StoredCopy::isFit)
                        .mapToLong(StoredCopy::epochOfName)
                        .reduce(elsewhere, Math::max);
        long limit = known + ElectionRules.TOO_FAR;
        long epoch =
                LongStream.concat(
                                copies.stream().mapToLong(StoredCopy::epochOfName),
                                LongStream.of(taken.epoch()))
                        .filter(number -> number <= limit)
                        .reduce(known, Math::max);
        if (epoch >= ManifestMirror.LAST_EPOCH) {
            throw new RefusedException(
                    "The manifest would be of epoch %d, and no higher one than %d has a copy: look which of copies, Lease and ConfigMaps has such a number, delete it, and call again. Nothing was written."
                            .formatted(epoch, ManifestMirror.LAST_EPOCH));
        }
        return epoch;
    }

    private void tell(String name, Manifest copy) {
        Run run = copy.run();
        Restorable newest = copy.newest();
        target.say(
                "To write: ConfigMap %s of namespace %s, from %s: job %s of epoch %d; %s."
                        .formatted(
                                objects.manifestName(),
                                objects.namespace(),
                                name,
                                run == null
                                        ? "none"
                                        : StoredCopy.plain(ManifestReferences.job(run)),
                                copy.epoch(),
                                newest == null
                                        ? "it has no checkpoint and no savepoint to go on from"
                                        : "its newest state is "
                                                + StoredCopy.plain(newest.path())));
    }

    private Present nothingToLose(ManifestView view) throws RefusedException {
        String where =
                "ConfigMap %s of namespace %s"
                        .formatted(objects.manifestName(), objects.namespace());
        return switch (view) {
            case ManifestView.Absent absent -> new Present(0, null);
            case ManifestView.Garbled garbled ->
                    throw new RefusedException(
                            "%s is there and cannot be read (%s): keep a copy of it, delete it, and call again."
                                    .formatted(where, garbled.reason()));
            case ManifestView.Newer newer ->
                    throw new RefusedException(
                            "%s is there, written by a newer flink-ha-agent (%s): use that release; or keep a copy of it, delete it, and call again."
                                    .formatted(where, newer.reason()));
            case ManifestView.Present(Manifest manifest, String version) -> {
                Run run = manifest.run();
                if (run != null) {
                    throw new RefusedException(
                            "%s is there, of epoch %d, with job %s: nothing is lost. To go back to another state: flink-ha-agent restore --from."
                                    .formatted(
                                            where, manifest.epoch(), ManifestReferences.job(run)));
                }
                yield new Present(manifest.epoch(), version);
            }
        };
    }
}
