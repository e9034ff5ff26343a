package io.flinkha.agent.contract;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.adapter.kubernetes.ApiServer;

/** The connection that the adapters speak over, as a test's typed client has it. */
public final class Connected {
    private Connected() {}

    public static ApiServer as(KubernetesClient client) {
        return new ApiServer(client.getHttpClient(), client.getConfiguration());
    }
}
