package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Deletes what lies in the agent's part of the storage and is named by nobody. */
final class CollectGarbage {
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final CommandTarget target;
    private final AgentStorage storage;

    CollectGarbage(CommandTarget target, AgentStorage storage) {
        this.target = target;
        this.storage = storage;
    }

    void run(boolean dry, Instant now) throws RefusedException, IOException {
        Manifest manifest =
                switch (ok("Reading the manifest", target.objects().manifests().read())) {
                    case ManifestView.Present present -> present.manifest();
                    case ManifestView.Absent absent -> throw refused("is not there");
                    case ManifestView.Garbled garbled ->
                            throw refused("cannot be read (%s)".formatted(garbled.reason()));
                    case ManifestView.Newer newer ->
                            throw refused(
                                    "was written by a newer flink-ha-agent (%s)"
                                            .formatted(newer.reason()));
                };
        List<String> unnamed =
                storage.unnamed(ManifestReferences.plans(manifest), manifest, now.minus(ABANDONED));
        if (!dry) {
            storage.delete(unnamed);
        }
        target.say(
                "%s %s, %d in all%s"
                        .formatted(
                                dry ? "To delete from" : "Deleted from",
                                storage.place(),
                                unnamed.size(),
                                unnamed.isEmpty() ? "." : ":"));
        unnamed.forEach(file -> target.say("  " + storage.place(file)));
        List<String> unswept = ManifestReferences.unswept(manifest);
        if (!unswept.isEmpty()) {
            target.say(
                    "Earlier runs whose checkpoint files the JobManager deletes once it has a checkpoint of its own:");
            unswept.forEach(run -> target.say("  " + run));
        }
    }

    private RefusedException refused(String what) {
        return new RefusedException(
                "ConfigMap %s of namespace %s %s: without it nobody knows what is in use, and nothing was deleted."
                        .formatted(
                                target.objects().manifestName(),
                                target.objects().namespace(),
                                what));
    }
}
