package io.flinkha.agent.contract;

import static io.flinkha.agent.contract.LeaseStoreContractTest.failure;
import static io.flinkha.agent.contract.LeaseStoreContractTest.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.contract.BatchBackend.Container;
import io.flinkha.agent.contract.BatchBackend.State;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.port.Result;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodsContractTest {
    private static final String AT = "2026-11-22T10:00:30Z";
    private static final State RUNNING = new State.Running();
    private static final State WAITING = new State.Waiting();
    private static final State.Ended DONE = new State.Ended(0, "Completed", AT);
    private static final State.Ended KILLED = new State.Ended(137, "OOMKilled", AT);
    private static final State.Ended MADE_UP = new State.Ended(137, "ContainerStatusUnknown", AT);

    static List<BatchBackend> backends() {
        return BatchBackend.all();
    }

    static List<BatchBackend> unreachable() {
        return BatchBackend.unreachable();
    }

    private static PodView read(BatchBackend backend) {
        return ok(backend.pods().read(backend.podName())).orElseThrow();
    }

    private static List<Container> pod(State main, State logs, State sidecar) {
        return List.of(
                new Container(BatchBackend.MAIN, main),
                new Container(BatchBackend.LOGS, logs),
                new Container(BatchBackend.SIDECAR, sidecar));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anAbsentPodIsNoFailure(BatchBackend backend) {
        backend.createPod();
        for (String name :
                List.of(
                        "another-pod",
                        "",
                        " ",
                        "Not A Name",
                        "../services",
                        "pod/log",
                        "x".repeat(254))) {
            assertEquals(new Result.Ok<>(Optional.empty()), backend.pods().read(name), name);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aPodThatNoKubeletKnowsYetSaysNothing(BatchBackend backend) {
        String uid = backend.createPod();
        assertEquals(new PodView(uid, false, false), read(backend));
    }

    record Row(String situation, boolean ended, String phase, List<Container> containers) {
        @Override
        public String toString() {
            return situation;
        }
    }

    private static List<Row> rows() {
        Container main = new Container(BatchBackend.MAIN, KILLED);
        Container sidecar = new Container(BatchBackend.SIDECAR, DONE);
        return List.of(
                new Row("all failed in order", true, "Failed", pod(KILLED, DONE, DONE)),
                new Row("all succeeded", true, "Succeeded", pod(DONE, DONE, DONE)),
                new Row("no init container", true, "Failed", List.of(main)),
                new Row("starting", false, "Pending", pod(WAITING, WAITING, RUNNING)),
                new Row("running", false, "Running", pod(RUNNING, RUNNING, RUNNING)),
                new Row("restarted in place", false, "Running", pod(KILLED, RUNNING, RUNNING)),
                new Row("ended, phase late", false, "Running", pod(DONE, DONE, DONE)),
                new Row("its node is lost", false, "Unknown", pod(DONE, DONE, DONE)),
                new Row("sidecar stays", false, "Failed", pod(KILLED, DONE, RUNNING)),
                new Row("sidecar unknown", false, "Failed", pod(KILLED, DONE, MADE_UP)),
                new Row("main made up", false, "Failed", pod(MADE_UP, DONE, DONE)),
                new Row("neighbour made up", false, "Failed", pod(KILLED, MADE_UP, DONE)),
                new Row("left by PodGC", false, "Failed", pod(RUNNING, RUNNING, RUNNING)),
                new Row("neighbour left by PodGC", false, "Failed", pod(KILLED, RUNNING, DONE)),
                new Row("never started", false, "Failed", pod(WAITING, WAITING, DONE)),
                new Row("evicted before any status", false, "Failed", List.of()),
                new Row("a sidecar's word only", false, "Failed", List.of(sidecar)));
    }

    static Stream<Arguments> situations() {
        return rows().stream().flatMap(row -> backends().stream().map(b -> Arguments.of(b, row)));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void aPodHasEndedIfItsKubeletSawEachContainerEnd(BatchBackend backend, Row row) {
        String uid = backend.createPod();
        backend.setPodStatus(row.phase(), row.containers());
        PodView pod = read(backend);
        assertEquals(row.ended(), pod.ended());
        assertEquals(uid, pod.uid());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anEndIsAnEndWhileThePodIsDeleted(BatchBackend backend) {
        String uid = backend.createPod();
        backend.setPodStatus("Failed", pod(KILLED, DONE, DONE));
        backend.deletePod();
        assertEquals(new PodView(uid, true, true), read(backend));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void deletionAloneIsNoEnd(BatchBackend backend) {
        String uid = backend.createPod();
        backend.setPodStatus("Running", pod(RUNNING, RUNNING, RUNNING));
        backend.deletePod();
        assertEquals(new PodView(uid, true, false), read(backend));
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void nobodyAnswers(BatchBackend backend) {
        assertEquals(Outcome.UNREACHABLE, failure(backend.pods().read("any")));
    }
}
