package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.command.Commands;
import io.flinkha.agent.command.Waiting;
import io.flinkha.agent.contract.Connected;
import io.flinkha.agent.contract.MockApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Job that a person runs a command with. */
class OperationsTest {
    private static final String ID = Kustomization.CLUSTER_ID;

    private static <T extends HasMetadata> T object(Class<T> kind) throws IOException {
        String text = Files.readString(Path.of("deploy/examples/operations.yaml"));
        return Pattern.compile("---\n")
                .splitAsStream(text)
                .filter(document -> document.contains("kind: " + kind.getSimpleName() + "\n"))
                .map(document -> Serialization.unmarshal(document, kind))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itsArgumentsAreACommandAndItsEnvironmentIsEnough() throws IOException {
        Container container =
                object(Job.class).getSpec().getTemplate().getSpec().getContainers().getFirst();
        Map<String, String> environment =
                container.getEnv().stream()
                        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        assertEquals(ID, environment.get("FLINK_HA_CLUSTER_ID"));
        int code =
                new Commands(
                                (namespace, clusterId) ->
                                        new KubernetesObjects(
                                                Connected.as(MockApi.start().createClient()),
                                                "any",
                                                clusterId),
                                environment::get,
                                Waiting.REAL,
                                true)
                        .line()
                        .execute(container.getArgs().toArray(String[]::new));
        // The storage is not here; 2 would be a wrong call.
        assertEquals(1, code);
    }

    @Test
    void itsRightsAreForTheObjectsOfThisClusterId() throws IOException {
        List<Permission> permissions = Permission.of(object(Role.class));
        assertTrue(
                permissions.stream()
                        .map(Permission::toString)
                        .filter(permission -> !permission.equals("create configmaps"))
                        .allMatch(permission -> permission.contains(" " + ID)),
                permissions::toString);
    }
}
