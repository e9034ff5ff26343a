package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.Loggable;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.leadership.GateSpan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One process in a pod: its log, kept as it comes, and the time by which it was gone. */
final class ContainerProcess {
    private final Loggable source;
    private final String pod;
    private final String id;
    private final Path file;
    private final OutputStream log;
    private @Nullable LogWatch following;
    private long goneBy = GateSpan.NEVER;

    ContainerProcess(
            KubernetesClient client, ObjectMeta pod, String container, String id, Path directory) {
        this.source =
                client.pods()
                        .inNamespace(pod.getNamespace())
                        .withName(pod.getName())
                        .inContainer(container);
        this.pod = pod.getName();
        this.id = id;
        String shortId = id.substring(id.lastIndexOf('/') + 1).substring(0, 8);
        this.file = directory.resolve(pod.getName() + "." + container + "." + shortId + ".log");
        try {
            this.log = Files.newOutputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The earliest of what several witnesses say: each names a time at which it was gone. */
    synchronized void goneBy(long time) {
        goneBy = Math.min(goneBy, time);
    }

    synchronized void look(TestCluster cluster) {
        if (goneBy != GateSpan.NEVER) {
            return;
        }
        if (cluster.hasFaults() && !cluster.faults().lives(id)) {
            goneBy(System.currentTimeMillis());
        } else if (!isFollowed() && gate().isEmpty()) {
            follow();
        }
    }

    private boolean isFollowed() {
        return following != null && !following.onClose().toCompletableFuture().isDone();
    }

    private void follow() {
        try {
            following = source.watchLog(log);
        } catch (KubernetesClientException e) {
            // Its node or the API server is away: again at the next look.
        }
    }

    synchronized Optional<GateSpan> gate() {
        return GateSpan.logged(pod, id, Directories.text(file), goneBy);
    }

    synchronized void close() {
        if (following != null) {
            following.close();
        }
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
