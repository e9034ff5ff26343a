package io.flinkha.agent.contract;

import static io.flinkha.agent.contract.LeaseStoreContractTest.failure;
import static io.flinkha.agent.contract.LeaseStoreContractTest.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.flinkha.agent.adapter.kubernetes.KubernetesJobController;
import io.flinkha.agent.contract.BatchBackend.Condition;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.Result;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobControllerContractTest {
    private static final String AT = "2026-11-22T10:00:30Z";
    private static final Condition TARGET = new Condition("FailureTarget", "True", "Because", AT);
    private static final Condition MET = new Condition("SuccessCriteriaMet", "True", "All", AT);
    private static final Condition RESUMED = new Condition("Suspended", "False", "JobResumed", AT);
    private static final List<Signal> SIGNALS =
            List.of(
                    new Signal.FailJob(),
                    new Signal.Park(new Parked("u", null)),
                    new Signal.GiveUp());

    static List<BatchBackend> backends() {
        return BatchBackend.all();
    }

    static List<BatchBackend> checkingUids() {
        return BatchBackend.checkingUids();
    }

    static List<BatchBackend> takingAnyCondition() {
        return BatchBackend.takingAnyCondition();
    }

    static List<BatchBackend> unreachable() {
        return BatchBackend.unreachable();
    }

    static Stream<Arguments> backendsAndSignals() {
        return SIGNALS.stream()
                .flatMap(signal -> backends().stream().map(b -> Arguments.of(b, signal)));
    }

    private static JobView read(BatchBackend backend) {
        return ok(backend.jobs().read()).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anAbsentJobIsNoFailureToRead(BatchBackend backend) {
        assertEquals(new Result.Ok<>(Optional.empty()), backend.jobs().read());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anAbsentJobCannotBeTold(BatchBackend backend) {
        backend.createJob();
        JobView seen = read(backend);
        try (BatchBackend empty = sibling(backend)) {
            for (Signal signal : SIGNALS) {
                assertEquals(Outcome.NOT_FOUND, failure(empty.jobs().send(signal, seen)));
            }
        }
    }

    /** The same backend with objects of other names. */
    private static BatchBackend sibling(BatchBackend backend) {
        return backends().stream()
                .filter(other -> other.toString().equals(backend.toString()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aFreshJobIsNeitherSuspendedNorOver(BatchBackend backend) {
        backend.createJob();
        JobView job = read(backend);
        assertEquals(
                new JobView(
                        job.uid(),
                        job.version(),
                        false,
                        false,
                        false,
                        0,
                        BatchBackend.NO_LIMIT,
                        null,
                        false),
                job);
        assertFalse(job.uid().isEmpty() || job.version().isEmpty());
        for (Signal signal : SIGNALS) {
            assertFalse(signal.isCarriedOut(job), signal::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void failedPodsAreCounted(BatchBackend backend) {
        backend.createJob();
        backend.setJobStatus(3);
        assertEquals(3, read(backend).failed());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void suspensionAndDeletionShow(BatchBackend backend) {
        backend.createJob();
        backend.suspendJob();
        assertTrue(read(backend).suspended());
        assertFalse(read(backend).deleting());
        backend.deleteJob();
        assertTrue(read(backend).deleting());
    }

    static Stream<Arguments> over() {
        return Stream.<List<Condition>>of(
                        List.of(TARGET),
                        List.of(TARGET, new Condition("Failed", "True", "Because", AT)),
                        List.of(MET),
                        List.of(MET, new Condition("Complete", "True", "All", AT)))
                .flatMap(row -> backends().stream().map(b -> Arguments.of(b, row)));
    }

    @ParameterizedTest
    @MethodSource("over")
    void aJobIsOverAsSoonAsItsEndIsSettled(BatchBackend backend, List<Condition> conditions) {
        backend.createJob();
        backend.setJobStatus(0, conditions.toArray(Condition[]::new));
        JobView job = read(backend);
        assertTrue(job.over());
        assertTrue(new Signal.GiveUp().isCarriedOut(job));
    }

    /** Before Kubernetes 1.31 a Job may fail or complete without the condition that precedes. */
    @ParameterizedTest
    @MethodSource("takingAnyCondition")
    void aJobIsOverByItsLastConditionAlone(BatchBackend backend) {
        backend.createJob();
        backend.setJobStatus(0, new Condition("Failed", "True", "Because", AT));
        assertTrue(read(backend).over());
        backend.replaceJob();
        assertFalse(read(backend).over());
        backend.setJobStatus(0, new Condition("Complete", "True", "", AT));
        assertTrue(read(backend).over());
    }

    @ParameterizedTest
    @MethodSource("takingAnyCondition")
    void aConditionThatIsNotTrueSettlesNothing(BatchBackend backend) {
        backend.createJob();
        backend.setJobStatus(
                0,
                new Condition("Failed", "False", "", AT),
                new Condition("FailureTarget", "Unknown", "", AT));
        assertFalse(read(backend).over());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aResumptionIsDated(BatchBackend backend) {
        backend.createJob();
        backend.setJobStatus(0, RESUMED);
        assertEquals(AT, read(backend).resumedAt());
        assertFalse(read(backend).over());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSuspensionIsNoResumption(BatchBackend backend) {
        backend.createJob();
        backend.suspendJob();
        backend.setJobStatus(0, new Condition("Suspended", "True", "JobSuspended", AT));
        assertNull(read(backend).resumedAt());
        assertTrue(read(backend).shownSuspended());
        assertFalse(read(backend).isResuming());
    }

    /** The condition follows the wish when the Job controller gets to it. */
    @ParameterizedTest
    @MethodSource("backends")
    void aResumptionShowsOnlyLater(BatchBackend backend) {
        backend.createJob();
        backend.setJobStatus(0, new Condition("Suspended", "True", "JobSuspended", AT));
        assertTrue(read(backend).isResuming());
        backend.setJobStatus(0, RESUMED);
        assertFalse(read(backend).isResuming());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void parkingSuspends(BatchBackend backend) {
        backend.createJob();
        Signal park = new Signal.Park(new Parked("u", null));
        JobView told = ok(backend.jobs().send(park, read(backend)));
        assertTrue(told.suspended());
        assertTrue(park.isCarriedOut(told));
        assertEquals(told, read(backend));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void failJobLeavesNoFailureToSpend(BatchBackend backend) {
        backend.createJob();
        backend.setJobStatus(2, RESUMED);
        JobView seen = read(backend);
        JobView told = ok(backend.jobs().send(new Signal.FailJob(), seen));
        assertEquals(
                new JobView(seen.uid(), told.version(), false, false, false, 2, 2, AT, false),
                told);
        assertNotEquals(seen.version(), told.version());
        assertTrue(new Signal.FailJob().isCarriedOut(told));
        assertEquals(told, read(backend));
    }

    /** The Job controller has to act first, and none is at work here. */
    @ParameterizedTest
    @MethodSource("backends")
    void givingUpIsNotCarriedOutByThePatch(BatchBackend backend) {
        backend.createJob();
        JobView told = ok(backend.jobs().send(new Signal.GiveUp(), read(backend)));
        assertFalse(new Signal.GiveUp().isCarriedOut(told));
        assertFalse(told.suspended());
        assertEquals(BatchBackend.NO_LIMIT, told.backoffLimit());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void signalsDoNotUndoEachOther(BatchBackend backend) {
        backend.createJob();
        JobView told = read(backend);
        for (Signal signal : SIGNALS) {
            told = ok(backend.jobs().send(signal, told));
        }
        assertEquals(0, told.backoffLimit());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSignalMayBeRepeated(BatchBackend backend) {
        backend.createJob();
        JobView once = ok(backend.jobs().send(new Signal.FailJob(), read(backend)));
        JobView twice = ok(backend.jobs().send(new Signal.FailJob(), once));
        assertEquals(once.backoffLimit(), twice.backoffLimit());
    }

    @ParameterizedTest
    @MethodSource("backendsAndSignals")
    void aChangeThatWasNotReadIsAConflict(BatchBackend backend, Signal signal) {
        backend.createJob();
        JobView seen = read(backend);
        backend.setJobStatus(1);
        JobView changed = read(backend);
        assertEquals(Outcome.CONFLICT, failure(backend.jobs().send(signal, seen)));
        assertEquals(changed, read(backend));
    }

    @ParameterizedTest
    @MethodSource("backendsAndSignals")
    void anotherJobOfTheNameIsAConflict(BatchBackend backend, Signal signal) {
        backend.createJob();
        JobView seen = read(backend);
        backend.replaceJob();
        JobView other = read(backend);
        assertNotEquals(seen.uid(), other.uid());
        assertEquals(Outcome.CONFLICT, failure(backend.jobs().send(signal, seen)));
        assertEquals(other, read(backend));
    }

    @ParameterizedTest
    @MethodSource("checkingUids")
    void anotherUidIsAConflictEvenAtTheRightVersion(BatchBackend backend) {
        backend.createJob();
        JobView job = read(backend);
        JobView other =
                new JobView(
                        UUID.randomUUID().toString(),
                        job.version(),
                        false,
                        false,
                        false,
                        0,
                        BatchBackend.NO_LIMIT,
                        null,
                        false);
        for (Signal signal : SIGNALS) {
            assertEquals(Outcome.CONFLICT, failure(backend.jobs().send(signal, other)));
        }
        assertEquals(job, read(backend));
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void nobodyAnswers(BatchBackend backend) {
        assertEquals(Outcome.UNREACHABLE, failure(backend.jobs().read()));
        JobView seen = new JobView("u", "1", false, false, false, 0, 0, null, false);
        assertEquals(Outcome.UNREACHABLE, failure(backend.jobs().send(new Signal.GiveUp(), seen)));
    }

    /** As Kubernetes 1.35 words it, for where no API server is at hand. */
    @Test
    void refusalsOfWhatIsImmutableAreToldApart() {
        assertEquals(Outcome.CONFLICT, answerTo422("metadata.uid"));
        assertEquals(Outcome.UNKNOWN, answerTo422("spec.completions"));
    }

    private static Outcome answerTo422(String field) {
        Status refusal =
                new StatusBuilder()
                        .withCode(422)
                        .withStatus("Failure")
                        .withReason("Invalid")
                        .withNewDetails()
                        .addNewCause(
                                field,
                                "Invalid value: \"u\": field is immutable",
                                "FieldValueInvalid")
                        .endDetails()
                        .build();
        KubernetesMockServer server = new KubernetesMockServer(false);
        server.init();
        try (KubernetesClient client = server.createClient()) {
            server.expect()
                    .patch()
                    .withPath("/apis/batch/v1/namespaces/default/jobs/j")
                    .andReturn(422, refusal)
                    .once();
            JobView seen = new JobView("u", "1", false, false, false, 0, 0, null, false);
            return failure(
                    new KubernetesJobController(Connected.as(client), "default", "j")
                            .send(new Signal.GiveUp(), seen));
        } finally {
            server.destroy();
        }
    }
}
