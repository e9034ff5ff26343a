package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects.Text;
import io.flinkha.agent.adapter.storage.AgentDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Deletes what lies in the agent's part of the storage and is named by nobody. */
final class CollectGarbage {
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Subject subject;

    CollectGarbage(Subject subject) {
        this.subject = subject;
    }

    void run(boolean dry, Instant now) throws RefusedException, IOException {
        Text text =
                ok("Reading the manifest", subject.objects().manifest())
                        .orElseThrow(() -> refused("is not there"));
        if (text.damage().isPresent()) {
            throw refused("cannot be read (%s)".formatted(text.damage().get()));
        }
        StoredManifest manifest = new StoredManifest(text.json());
        List<Path> unnamed = subject.storage().unnamed(manifest.plans(), now.minus(ABANDONED));
        if (!dry) {
            AgentDirectory.delete(unnamed);
        }
        subject.say(
                "%s %d files of %s."
                        .formatted(
                                dry ? "To delete:" : "Deleted:",
                                unnamed.size(),
                                subject.storage().manifests().getParent()));
        unnamed.forEach(file -> subject.say("  " + file));
        List<String> unswept = manifest.unswept();
        if (!unswept.isEmpty()) {
            subject.say(
                    "Earlier runs whose checkpoint files the JobManager deletes once it has a checkpoint of its own:");
            unswept.forEach(run -> subject.say("  " + run));
        }
    }

    private RefusedException refused(String what) {
        return new RefusedException(
                "ConfigMap %s of namespace %s %s: without it nobody knows what is in use, and nothing was deleted."
                        .formatted(
                                subject.objects().manifestName(),
                                subject.objects().namespace(),
                                what));
    }
}
