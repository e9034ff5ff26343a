package io.flinkha.agent.deploy;

import static io.flinkha.agent.deploy.RealApi.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.port.LeaseStore;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsTest {
    private static final Path CRDS = Path.of("src/test/resources/deploy/monitoring-crds.yaml");
    private static final long PATIENCE_SECONDS = 30;

    private final List<HasMetadata> made = new ArrayList<>();

    static List<Kustomization> kustomizations() {
        return RealApi.isAtHand() ? Kustomization.all() : List.of();
    }

    static List<List<String>> waysToApply() {
        return RealApi.isAtHand() ? List.of(List.of(), List.of("--server-side")) : List.of();
    }

    /** Those of the Prometheus operator stay, where it is installed. */
    @BeforeAll
    void installMissingDefinitions() {
        forEachClient(client -> {
            for (HasMetadata definition : RealApi.objects(client, CRDS)) {
                if (client.resource(definition).get() == null) {
                    made.add(client.resource(definition).create());
                    client.resource(definition)
                            .waitUntilCondition(
                                    ManifestsTest::isServed, PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
            }
        });
    }

    /** A status may be there before its conditions are. */
    private static boolean isServed(HasMetadata definition) {
        return definition instanceof CustomResourceDefinition known
                && known.getStatus() != null
                && known.getStatus().getConditions() != null
                && known.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Established") && c.getStatus().equals("True"));
    }

    @AfterAll
    void removeWhatWasMade() {
        forEachClient(client -> made.forEach(object -> client.resource(object).delete()));
    }

    private static void forEachClient(Consumer<KubernetesClient> task) {
        if (RealApi.isAtHand()) {
            try (KubernetesClient client = RealApi.admin()) {
                task.accept(client);
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("kustomizations")
    void itIsTakenWithoutAWarningAndItsPodsAreAdmitted(Kustomization kustomization) {
        try (Deployed deployed = new Deployed(kustomization, List.of())) {
            assertEquals("", deployed.applied().errors());
            for (HasMetadata object : deployed.objects()) {
                assertNotNull(deployed.client().resource(object).get(), object::toString);
            }
            List<Pod> pods = deployed.pods();
            assertEquals(2, pods.size());
            pods.forEach(pod -> assertRestricted(deployed.client(), pod));
        }
    }

    /** A Job that asks for too much is created all the same: its pods are what is refused. */
    private static void assertRestricted(KubernetesClient client, Pod pod) {
        assertNotNull(client.resource(pod).dryRun().create());
        pod.getSpec().getSecurityContext().setRunAsNonRoot(false);
        KubernetesClientException refused =
                assertThrows(
                        KubernetesClientException.class,
                        () -> client.resource(pod).dryRun().create(),
                        "nothing is enforced here");
        assertEquals(HttpURLConnection.HTTP_FORBIDDEN, refused.getCode());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("waysToApply")
    void aSecondApplyChangesNothingThatTheAgentWrote(List<String> options) {
        try (Deployed deployed = new Deployed(Kustomization.EXAMPLE, options)) {
            LeaseStore leases = deployed.leases();
            LeaseRecord empty = ok(leases.read()).orElseThrow();
            assertTrue(empty.untouched());
            ok(leases.write(new LeaseRecord("jm/u1", "n1", 7, 6, 0, 60, empty.version())));
            Lease written = deployed.lease();

            Kubectl.Ran again = deployed.apply(options);

            assertEquals("", again.errors());
            assertEquals(written.getSpec(), deployed.lease().getSpec());
            assertEquals(
                    written.getMetadata().getAnnotations(),
                    deployed.lease().getMetadata().getAnnotations());
        }
    }
}
