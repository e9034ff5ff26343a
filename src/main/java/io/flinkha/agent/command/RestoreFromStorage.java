package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects.Text;
import io.flinkha.agent.core.election.LeaseRecord;
import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Writes the manifest from its copy in the storage: the cluster is lost, or the manifest alone. */
final class RestoreFromStorage {
    private final Subject subject;
    private final KubernetesObjects objects;

    RestoreFromStorage(Subject subject) {
        this.subject = subject;
        this.objects = subject.objects();
    }

    void run(@Nullable String object) throws RefusedException, IOException, InterruptedException {
        Optional<LeaseRecord> lease = subject.leaseOfNobody();
        Optional<Text> present = ok("Reading the manifest", objects.manifest());
        refuseWhereSomethingIsLost(present);
        ManifestMirror mirror = subject.storage().mirror();
        List<String> names = mirror.list();
        if (names.isEmpty()) {
            throw new RefusedException(
                    "There is no copy of a manifest in %s: look whether cluster-id, namespace and storage are those of the cluster that was lost."
                            .formatted(subject.storage().manifests()));
        }
        String name = object == null ? names.getFirst() : object;
        StoredManifest copy = copy(mirror, name, names);
        long claimed =
                Math.max(
                        lease.map(LeaseRecord::claimed).orElse(0L),
                        ok("Reading the leader ConfigMap", objects.publication().epoch()));
        // Above all that was ever seen, or the agent would take it for rolled back, and what it
        // copies next for older than what lies there.
        long epoch =
                LongStream.of(
                                copy.epoch(),
                                ManifestMirror.epoch(names.getFirst()),
                                present.map(RestoreFromStorage::epoch).orElse(0L),
                                claimed)
                        .max()
                        .orElseThrow();
        ok(
                "Writing the manifest",
                objects.writeManifest(
                        copy.withEpoch(epoch).json().encode(),
                        present.map(Text::version).orElse(null)));
        names.forEach(one -> subject.say((one.equals(name) ? "* " : "  ") + one));
        subject.say(
                "ConfigMap %s of namespace %s is written from %s: job %s of epoch %d; %s. The next agent takes an epoch above %d: apply the Job now."
                        .formatted(
                                objects.manifestName(),
                                objects.namespace(),
                                name,
                                copy.job().orElse("?"),
                                copy.epoch(),
                                copy.newestState()
                                        .map(path -> "its newest state is " + path)
                                        .orElse("it has no checkpoint and no savepoint"),
                                epoch));
        if (claimed > copy.epoch()) {
            subject.say(
                    "Epoch %d was claimed after this copy was written: what that one recorded is not in it."
                            .formatted(claimed));
        }
    }

    private void refuseWhereSomethingIsLost(Optional<Text> present) throws RefusedException {
        if (present.isEmpty()) {
            return;
        }
        String where =
                "ConfigMap %s of namespace %s"
                        .formatted(objects.manifestName(), objects.namespace());
        Optional<String> damage = present.get().damage();
        if (damage.isPresent()) {
            throw new RefusedException(
                    "%s is there and cannot be read (%s): keep a copy of it, delete it, and call again."
                            .formatted(where, damage.get()));
        }
        StoredManifest manifest = new StoredManifest(present.get().json());
        if (manifest.job().isPresent()) {
            throw new RefusedException(
                    "%s is there, of epoch %d, with job %s: nothing is lost. To go back to another state, name it in flink-ha.restore.path."
                            .formatted(where, manifest.epoch(), manifest.job().get()));
        }
    }

    private static long epoch(Text text) {
        return new StoredManifest(text.json()).epoch();
    }

    private StoredManifest copy(ManifestMirror mirror, String name, List<String> names)
            throws RefusedException, IOException {
        String json =
                mirror.read(name)
                        .orElseThrow(() ->
                                new RefusedException(
                                        "There is no copy %s in %s; there are: %s."
                                                .formatted(
                                                        name,
                                                        subject.storage().manifests(),
                                                        String.join(", ", names))));
        Optional<String> damage = KubernetesObjects.damage(json);
        if (damage.isPresent()) {
            throw new RefusedException(
                    "Copy %s in %s is no manifest (%s): name another one with --object: %s."
                            .formatted(
                                    name,
                                    subject.storage().manifests(),
                                    damage.get(),
                                    String.join(", ", names)));
        }
        return new StoredManifest(json);
    }
}
