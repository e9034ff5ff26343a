package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.lab.base.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** An empty directory of this machine and all nodes, as the volume of one namespace's claim. */
record OfferedVolume(String namespace, Path directory) {

    void create(KubernetesClient client) {
        try {
            var unused = Directories.emptied(directory);
            // The nodes' users are not this machine's.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.resource(
                        new PersistentVolumeBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .endMetadata()
                                .withNewSpec()
                                .withAccessModes("ReadWriteMany")
                                .withCapacity(Map.of("storage", new Quantity("10Gi")))
                                .withPersistentVolumeReclaimPolicy("Retain")
                                .withStorageClassName("")
                                .withNewClaimRef()
                                .withNamespace(namespace)
                                .withName("flink-storage")
                                .endClaimRef()
                                .withNewHostPath(directory.toString(), "Directory")
                                .endSpec()
                                .build())
                .create();
    }
}
