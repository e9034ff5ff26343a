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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One container of a pod: its log, kept as it comes, and the time by which it was gone. */
final class ContainerProcess {
    private final Loggable source;
    private final String pod;
    private final String id;
    private final Path directory;
    private final List<Path> files = new ArrayList<>();
    private final String name;
    private @Nullable OutputStream log;
    private @Nullable LogWatch following;
    private long goneBy = GateSpan.NEVER;

    ContainerProcess(
            KubernetesClient client, ObjectMeta pod, String container, String id, Path directory) {
        this.source =
                client.pods()
                        .inNamespace(pod.getNamespace())
                        .withName(pod.getName())
                        .inContainer(container)
                        // A JobManager in another pod begins long before the next one here.
                        .usingTimestamps();
        this.pod = pod.getName();
        this.id = id;
        this.directory = directory;
        String shortId = id.substring(id.lastIndexOf('/') + 1).substring(0, 8);
        this.name = pod.getName() + "." + container + "." + shortId;
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
        } else if (!isFollowed()) {
            follow();
        }
    }

    private boolean isFollowed() {
        return following != null && !following.onClose().toCompletableFuture().isDone();
    }

    /** From its beginning: what an earlier stream brought is in a file of its own. */
    private void follow() {
        Path file = directory.resolve(name + (files.isEmpty() ? "" : "-" + files.size()) + ".log");
        try {
            closeLog();
            OutputStream opened = Files.newOutputStream(file);
            log = opened;
            files.add(file);
            following = source.watchLog(opened);
        } catch (KubernetesClientException e) {
            // Its node or the API server is away: again at the next look.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of all its processes, by epoch. */
    synchronized Collection<GateSpan> gates() {
        Map<Long, GateSpan> gates = new TreeMap<>();
        for (Path file : files) {
            for (GateSpan gate : GateSpan.logged(pod, id, Directories.text(file), goneBy)) {
                gates.merge(gate.epoch(), gate, GateSpan::with);
            }
        }
        return gates.values();
    }

    synchronized void close() {
        if (following != null) {
            following.close();
        }
        try {
            closeLog();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeLog() throws IOException {
        if (log != null) {
            log.close();
        }
    }
}
