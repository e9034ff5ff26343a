package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.ManifestView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ends the life of a cluster-id: nothing that the agent keeps for it stays. */
final class Purge {
    private final CommandTarget target;
    private final AgentStorage storage;
    private final KubernetesObjects objects;

    Purge(CommandTarget target, AgentStorage storage) {
        this.target = target;
        this.storage = storage;
        this.objects = target.objects();
    }

    void run(boolean confirmed) throws RefusedException, IOException, InterruptedException {
        Optional<LeaseRecord> lease = target.leaseOfNobody();
        ManifestView manifest = ok("Reading the manifest", objects.manifests().read());
        Optional<Boolean> stock = ok("Reading the leader ConfigMap", objects.leaderIsStock());
        List<String> files = storage.all();
        boolean leader = stock.isPresent() && !stock.get();

        boolean recorded = !(manifest instanceof ManifestView.Absent);
        if (lease.isEmpty() && !recorded && !leader && files.isEmpty()) {
            target.say(
                    "Nothing of this cluster-id is in namespace %s or below %s."
                            .formatted(objects.namespace(), storage.place()));
            return;
        }
        target.say("To delete, for ever:");
        lease.ifPresent(any -> target.say("  Lease " + objects.leaseName()));
        if (recorded) {
            target.say("  ConfigMap " + objects.manifestName());
        }
        if (leader) {
            target.say("  ConfigMap " + objects.leaderName());
        }
        files.forEach(file -> target.say("  " + storage.place(file)));
        if (stock.orElse(false)) {
            target.say(
                    "ConfigMap %s stays: stock Flink keeps its leader in it."
                            .formatted(objects.leaderName()));
        }
        tellWhatRemains(manifest);
        if (!confirmed) {
            throw new RefusedException("Nothing was deleted: call again with --yes.");
        }
        // First, and only as it was seen: whoever takes it meanwhile keeps everything else.
        if (lease.isPresent()) {
            ok("Deleting the Lease", objects.deleteLease(lease.get().version()));
        }
        ok("Deleting the manifest", objects.deleteManifest());
        if (leader) {
            ok("Deleting the leader ConfigMap", objects.deleteLeader());
        } else if (stock.isPresent()) {
            ok("Leaving the leader ConfigMap to stock Flink", objects.leaveLeader());
        }
        storage.delete(files);
        target.say("Deleted.");
    }

    private void tellWhatRemains(ManifestView manifest) {
        switch (manifest) {
            case ManifestView.Absent absent -> {}
            case ManifestView.Garbled garbled ->
                    target.say(
                            "The manifest cannot be read (%s): which checkpoints and savepoints it named is not known, they remain."
                                    .formatted(garbled.reason()));
            case ManifestView.Newer newer ->
                    target.say(
                            "A newer flink-ha-agent wrote the manifest (%s): which checkpoints and savepoints it named is not known, they remain."
                                    .formatted(newer.reason()));
            case ManifestView.Present present -> {
                Set<String> states = ManifestReferences.states(present.manifest());
                if (!states.isEmpty()) {
                    target.say("These checkpoints and savepoints are yours and remain:");
                    states.forEach(path -> target.say("  " + path));
                }
            }
        }
    }
}
