package io.flinkha.agent;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.flinkha.agent.contract.MockApi;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the agent finds around it in a test: an API server, a run directory and a storage directory.
 */
public final class AgentProcess implements QuarkusTestResourceLifecycleManager {
    private final KubernetesMockServer server = MockApi.start();

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory(Path.of("target"), "agent-test");
            Path run = Files.createDirectory(directory.resolve("run")).toAbsolutePath();
            return Map.of(
                    "quarkus.kubernetes-client.api-server-url",
                    "http://localhost:" + server.getPort(),
                    "quarkus.http.test-port",
                    "0",
                    "quarkus.management.test-port",
                    "0",
                    "flink-ha.cluster-id",
                    "test",
                    "flink-ha.namespace",
                    "default",
                    "flink-ha.pod.name",
                    "jm-0",
                    "flink-ha.pod.uid",
                    "u1",
                    "flink-ha.run-dir",
                    run.toString(),
                    "flink-ha.storage.uri",
                    directory.toAbsolutePath().toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        server.destroy();
    }
}
