package io.flinkha.lab.e2e.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Supplier;

/** Reading the API server. */
final class Reads {
    private Reads() {}

    /** Once more where the API server closed a connection that nobody had used for a while. */
    static <T> T again(Supplier<T> read) {
        try {
            return read.get();
        } catch (KubernetesClientException e) {
            if (e.getStatus() != null) {
                throw e;
            }
            return read.get();
        }
    }
}
