package io.flinkha.agent.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agent, JobManager and TaskManagers mean the same storage, and can all reach it. */
class StorageTest {
    /** Where a store's endpoint and credentials are found; the volume of files, too. */
    private static final Set<String> SHARED_MOUNTS =
            Set.of("/opt/flink-ha/credentials", "/flink-storage");

    static List<Kustomization> storages() {
        return Kubectl.isAtHand()
                ? List.of(
                        Kustomization.EXAMPLE,
                        Kustomization.S3,
                        Kustomization.GCS,
                        Kustomization.AZURE)
                : List.of();
    }

    static List<Kustomization> objectStorages() {
        return storages().stream().filter(each -> each != Kustomization.EXAMPLE).toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("storages")
    void allThreeAreToldTheSame(Kustomization kustomization) {
        Workload workload = new Workload(kustomization);
        Container agent = Workload.container(workload.jobManagerPod(), "flink-ha-agent");
        Container jobManager = Workload.container(workload.jobManagerPod(), "jobmanager");
        Container taskManager = Workload.container(workload.taskManagerPod(), "taskmanager");
        Map<String, String> told = shared(workload, agent);
        assertEquals(Kustomization.CLUSTER_ID, told.get("FLINK_HA_CLUSTER_ID"));
        for (Container flink : List.of(jobManager, taskManager)) {
            assertEquals(told, shared(workload, flink));
            assertEquals(agent.getEnvFrom(), flink.getEnvFrom());
            assertEquals(sharedMounts(agent), sharedMounts(flink));
        }
        String directory =
                "%s/%s/%s/flink"
                        .formatted(
                                told.get("FLINK_HA_STORAGE_URI"),
                                told.get("FLINK_HA_NAMESPACE"),
                                told.get("FLINK_HA_CLUSTER_ID"));
        assertTrue(
                workload.command(taskManager)
                        .contains("-Dhigh-availability.storageDir=" + directory + " "),
                () -> workload.command(taskManager));
        assertFalse(
                workload.command(jobManager).contains("storageDir"),
                "the jar derives it, and logs it as derived");
        String options = workload.environment(jobManager).getOrDefault("FLINK_OPTIONS", "");
        assertTrue(workload.command(jobManager).contains(options));
        assertTrue(workload.command(taskManager).contains(options));
    }

    private static Map<String, String> shared(Workload workload, Container container) {
        return workload.environment(container).entrySet().stream()
                .filter(variable ->
                        variable.getKey().startsWith("FLINK_HA_STORAGE_")
                                || variable.getKey().equals("FLINK_HA_CLUSTER_ID")
                                || variable.getKey().equals("FLINK_HA_NAMESPACE"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Set<VolumeMount> sharedMounts(Container container) {
        return container.getVolumeMounts().stream()
                .filter(mount -> SHARED_MOUNTS.contains(mount.getMountPath()))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("objectStorages")
    void thePluginComesOutOfFlinksImageBeforeTheAgentWaits(Kustomization kustomization) {
        Workload workload = new Workload(kustomization);
        for (PodSpec pod : List.of(workload.jobManagerPod(), workload.taskManagerPod())) {
            Container plugin = pod.getInitContainers().get(0);
            Container flink = pod.getContainers().get(0);
            assertEquals(flink.getImage(), plugin.getImage());
            assertEquals(
                    "sh -c cp /opt/flink/opt/flink-%s-fs-hadoop-*.jar /plugin-out/"
                            .formatted(plugin(kustomization)),
                    workload.command(plugin));
            VolumeMount out = plugin.getVolumeMounts().get(0);
            assertEquals("/plugin-out", out.getMountPath());
            assertEquals(
                    List.of("/opt/flink/plugins/storage"),
                    flink.getVolumeMounts().stream()
                            .filter(mount -> mount.getName().equals(out.getName()))
                            .map(VolumeMount::getMountPath)
                            .toList());
        }
    }

    private static String plugin(Kustomization kustomization) {
        return switch (kustomization) {
            case S3 -> "s3";
            case GCS -> "gs";
            case AZURE -> "azure";
            default -> throw new AssertionError(kustomization);
        };
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("objectStorages")
    void optionsAreThereWhereTheirValuesAre(Kustomization kustomization) {
        Map<String, String> values =
                Map.of(
                        "FLINK_HA_STORAGE_ENDPOINT", "http://store:9000",
                        "FLINK_HA_STORAGE_REGION", "eu-1",
                        "AZURE_STORAGE_ACCOUNT_KEY", "a+/b==");
        List<String> always =
                kustomization == Kustomization.S3
                        ? List.of(
                                "-Ds3.aws.credentials.provider=com.amazonaws.auth.DefaultAWSCredentialsProviderChain")
                        : List.of();
        List<String> whereGiven =
                switch (kustomization) {
                    case S3 ->
                            List.of(
                                    always.get(0),
                                    "-Ds3.endpoint=http://store:9000",
                                    "-Ds3.path.style.access=true",
                                    "-Ds3.endpoint.region=eu-1");
                    case AZURE -> List.of("-Dfs.azure.account.key=a+/b==");
                    default -> List.of();
                };
        Workload workload = new Workload(kustomization);
        String options =
                workload.environment(Workload.container(workload.jobManagerPod(), "jobmanager"))
                        .getOrDefault("FLINK_OPTIONS", "");
        assertEquals(always, words(options, Map.of()));
        assertEquals(whereGiven, words(options, values));
    }

    /** As bash, which starts both sides of Flink, reads them. */
    private static List<String> words(String options, Map<String, String> environment) {
        ProcessBuilder bash =
                new ProcessBuilder(
                        "bash", "-c", "for word in " + options + "; do echo $word; done");
        bash.environment().putAll(environment);
        try {
            Process process = bash.start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertEquals(0, process.waitFor());
            return printed.lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
