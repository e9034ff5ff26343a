package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.Result;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The Roles grant what is needed, and nothing that nobody would miss. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {
    private final String namespace = RealApi.newNamespace();
    private @Nullable KubernetesClient adminClient;

    @BeforeAll
    void createTheAccounts() {
        if (!RealApi.isAtHand()) {
            return;
        }
        KubernetesClient admin = RealApi.admin();
        adminClient = admin;
        Path manifests = Kustomization.EXAMPLE.render(namespace);
        RealApi.objects(admin, manifests).stream()
                .filter(RolesTest::isPartOfTheTest)
                .forEach(object -> admin.resource(object).create());
    }

    private static boolean isPartOfTheTest(HasMetadata object) {
        if (object instanceof Job job) {
            // No controller shall start its pod, or change it while a test does.
            job.getSpec().setManagedBy("flinkha.io/nobody");
        }
        return object instanceof Namespace
                || object instanceof ServiceAccount
                || object instanceof Role
                || object instanceof RoleBinding
                || object instanceof Job;
    }

    @AfterAll
    void removeThem() {
        try (KubernetesClient admin = adminClient) {
            if (admin != null) {
                admin.namespaces().withName(namespace).delete();
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> agentMissesEachPermissionOfItsRole() {
        return tests("jobmanager", (admin, in) -> new AgentOperations(admin, in).all());
    }

    @TestFactory
    Stream<DynamicTest> taskManagerMissesEachPermissionOfItsRole() {
        return tests(
                "taskmanager",
                (admin, in) ->
                        List.of(
                                new Operation(
                                        "follow the leader ConfigMap", api -> follow(api, in))));
    }

    private Stream<DynamicTest> tests(
            String role, BiFunction<KubernetesClient, String, List<Operation>> operations) {
        KubernetesClient admin = adminClient;
        if (admin == null) {
            return Stream.of();
        }
        Accounts accounts = new Accounts(admin, namespace);
        List<Permission> all = accounts.granted(role);
        List<Operation> asked = operations.apply(admin, namespace);
        return Stream.concat(
                Stream.of(
                        dynamicTest(
                                "with all of them, nothing is refused",
                                () -> {
                                    try (var account = accounts.client(role, all)) {
                                        assertEquals(List.of(), Operation.refused(asked, account));
                                    }
                                })),
                all.stream()
                        .map(taken ->
                                dynamicTest(
                                        "without \"" + taken + "\", something is refused",
                                        () -> {
                                            List<Permission> rest = without(all, taken);
                                            try (var account = accounts.withNothingBut(rest)) {
                                                assertNotEquals(
                                                        List.of(),
                                                        Operation.refused(asked, account));
                                            }
                                        })));
    }

    private static List<Permission> without(List<Permission> all, Permission taken) {
        return all.stream().filter(permission -> !permission.equals(taken)).toList();
    }

    /** The requests of an informer on one name, which is what Flink follows its leader with. */
    private static Result<?> follow(KubernetesClient api, String namespace) {
        var leader =
                api.configMaps()
                        .inNamespace(namespace)
                        .withField("metadata.name", Kustomization.LEADER);
        try {
            String version = leader.list().getMetadata().getResourceVersion();
            ListOptions since = new ListOptionsBuilder().withResourceVersion(version).build();
            leader.watch(since, new Ignored()).close();
            return new Result.Ok<>(version);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            return new Result.Failed<>(Outcome.FORBIDDEN, e.toString());
        }
    }

    private static final class Ignored implements Watcher<ConfigMap> {
        @Override
        public void eventReceived(Action action, ConfigMap map) {}

        @Override
        public void onClose(WatcherException cause) {}
    }
}
