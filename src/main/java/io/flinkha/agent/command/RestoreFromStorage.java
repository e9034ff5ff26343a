package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.adapter.storage.CopySeal;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.port.ManifestMirror;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
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

    void run(@Nullable String object) throws RefusedException, IOException, InterruptedException {
        long inLease = target.leaseOfNobody().map(LeaseRecord::claimed).orElse(0L);
        Present present = nothingToLose(ok("Reading the manifest", objects.manifests().read()));
        List<String> names = storage.mirror().list();
        if (names.isEmpty()) {
            throw new RefusedException(
                    "There is no copy of a manifest in %s: look whether cluster-id, namespace and storage are those of the cluster that was lost."
                            .formatted(storage.manifests()));
        }
        String name = object == null ? names.getFirst() : object;
        String json = read(name, names);
        Manifest copy = decoded(name, json, names);
        long claimed =
                Math.max(
                        inLease,
                        ok("Reading the leader ConfigMap", objects.leaderAddresses().witness())
                                .epoch());
        // Above all that was ever seen, or the agent would take it for rolled back, and what it
        // copies next for older than what lies there.
        long epoch =
                LongStream.of(
                                copy.epoch(),
                                ManifestMirror.epoch(names.getFirst()),
                                present.epoch(),
                                claimed)
                        .max()
                        .orElseThrow();
        // As text: fields of a newer agent stay.
        String restored = new JsonObject(json).put("epoch", epoch).encode();
        ok("Writing the manifest", objects.writeManifest(restored, present.version()));
        names.forEach(one -> target.say((one.equals(name) ? "* " : "  ") + one));
        tell(name, copy, epoch);
        if (claimed > copy.epoch()) {
            target.say(
                    "Epoch %d was claimed after this copy was written: what that one recorded is not in it."
                            .formatted(claimed));
        }
    }

    private void tell(String name, Manifest copy, long epoch) {
        Run run = copy.run();
        Restorable newest = copy.newest();
        target.say(
                "ConfigMap %s of namespace %s is written from %s: job %s of epoch %d; %s. The next agent takes an epoch above %d: apply the Job now."
                        .formatted(
                                objects.manifestName(),
                                objects.namespace(),
                                name,
                                run == null ? "none" : ManifestReferences.job(run),
                                copy.epoch(),
                                newest == null
                                        ? "it has no checkpoint and no savepoint to go on from"
                                        : "its newest state is " + newest.path(),
                                epoch));
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

    private String read(String name, List<String> names) throws RefusedException, IOException {
        return storage.mirror()
                .read(name)
                .map(CopySeal::json)
                .orElseThrow(() ->
                        new RefusedException(
                                "There is no copy %s in %s; there are: %s."
                                        .formatted(
                                                name,
                                                storage.manifests(),
                                                String.join(", ", names))));
    }

    private Manifest decoded(String name, String json, List<String> names) throws RefusedException {
        try {
            return KubernetesManifestStore.decode(json);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "Copy %s in %s is no manifest (%s): name another one with --object: %s."
                            .formatted(
                                    name,
                                    storage.manifests(),
                                    e.getMessage(),
                                    String.join(", ", names)));
        }
    }
}
