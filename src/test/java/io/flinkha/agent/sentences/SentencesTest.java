package io.flinkha.agent.sentences;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.core.manifest.ChangeRefusal;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Start;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each sentence, word for word: people search for them, and runbooks quote them. */
class SentencesTest {
    private static final String WAYS_ON =
            " Name a checkpoint or savepoint in flink-ha.restore.path to start from it, or start empty by a new Job with flink-ha.restore.strategy=none.";

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        new Refusal.ManifestUnreadable("no JSON"),
                        "the manifest cannot be read (no JSON). Put a good one back; or keep a copy of it, delete it, and take the one in the storage by the agent's command restore-from-storage; or start empty after its command purge."),
                Arguments.of(
                        new Refusal.ManifestOfNewerAgent("version 2"),
                        "a newer flink-ha-agent wrote the manifest (version 2). Use that release or a later one; or, to stay with this one, keep a copy of the manifest, delete it, and take a copy in the storage that this release wrote by the agent's command restore-from-storage --object; or start empty after its command purge."),
                Arguments.of(
                        new Refusal.ManifestLost(3, 7),
                        "the manifest is of epoch 3, but epoch 7 was claimed before: it was lost or rolled back. Put the newer one back; or take the copy in the storage by the agent's command restore-from-storage; or start empty after its command purge."),
                Arguments.of(
                        new Refusal.StockHaLeads("{}"),
                        "a JobManager with Flink's own Kubernetes HA leads this cluster-id (its lock on the leader ConfigMap is being renewed: {}). Stop it first, with a savepoint or with retained checkpoints, and name that state in flink-ha.restore.path."),
                Arguments.of(
                        new Refusal.CopyOfLostManifest("7-42.json"),
                        "The manifest is empty, but the storage has a copy of an earlier one (7-42.json): it was lost. Run the agent's command restore-from-storage to go on from there; then flink-ha.restore.path or strategy=none hold again. Run purge if all that came before may be forgotten."),
                Arguments.of(
                        new Refusal.StockHaHasRun(),
                        "Flink's own Kubernetes HA has run this cluster-id (its leader ConfigMap is there), and what it ended with is not known here."
                                + WAYS_ON),
                Arguments.of(
                        new Refusal.SavepointUnknown("job-1"),
                        "Job job-1 finished, and it could not be seen whether it was stopped with a savepoint."
                                + WAYS_ON),
                Arguments.of(
                        new Refusal.NoSavepointKnown("file:/chk-7"),
                        "flink-ha.restore.strategy is latest-savepoint, but no savepoint is known; the newest state is file:/chk-7."
                                + WAYS_ON),
                Arguments.of(
                        new Refusal.StateTooOld(
                                "file:/chk-7", Duration.ofSeconds(90), Duration.ofMinutes(1)),
                        "The state to start from, file:/chk-7, was completed 90 s ago, and flink-ha.restore.max-age is PT1M."
                                + WAYS_ON),
                Arguments.of(
                        new Refusal.StateTooOld("s3://b/s", null, Duration.ofMinutes(1)),
                        "The state to start from, s3://b/s, is of unknown age, and flink-ha.restore.max-age is PT1M."
                                + WAYS_ON),
                Arguments.of(
                        new Refusal.JobIsOver("job-1", Status.FINISHED, true, false),
                        "job job-1 is FINISHED in this revision"),
                Arguments.of(
                        new Refusal.JobIsOver("job-1", Status.FAILED, false, true),
                        "job job-1 is FAILED in this Kubernetes Job; resume the Job (spec.suspend: false) to go on from its latest state"),
                Arguments.of(new Refusal.GateClosed("the gate is closed"), "the gate is closed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalSaysWhatAndWhatToDo(Refusal refusal, String sentence) {
        assertEquals(sentence, Sentences.of(refusal));
        assertEquals(sentence, Sentences.of(new Start.Halt(refusal, ExitCode.REFUSED)));
    }

    static Stream<Arguments> changeRefusals() {
        return Stream.of(
                Arguments.of(
                        new ChangeRefusal.OtherJob("job-2", "job-1"),
                        "job job-2 is not the job of this run (job-1): one application runs one job"),
                Arguments.of(
                        new ChangeRefusal.OtherJob("job-2", null),
                        "job job-2 is not the job of this run (none): one application runs one job"),
                Arguments.of(
                        new ChangeRefusal.NothingRetained(0),
                        "maxRetained is 0, it must be at least 1"),
                Arguments.of(
                        new ChangeRefusal.CheckpointElsewhere(5, "file:/a", "file:/b"),
                        "checkpoint 5 is recorded at file:/a, not at file:/b"),
                Arguments.of(
                        new ChangeRefusal.CheckpointTooOld(4, 5),
                        "checkpoint 4 is older than the recorded 5"),
                Arguments.of(
                        new ChangeRefusal.IdsNeverHandedOut(66, 65),
                        "ids below 66 were never handed out, the end is 65"),
                Arguments.of(new ChangeRefusal.OddCountOfIds(0), "count is 0, give 1 to 10000"),
                Arguments.of(
                        new ChangeRefusal.NoRunForPlan(), "there is no run to store a plan for"),
                Arguments.of(
                        new ChangeRefusal.OtherRestore("file:/a"),
                        "this run does not restore from file:/a"),
                Arguments.of(
                        new ChangeRefusal.NoCheckpointYet(),
                        "this run has no checkpoint of its own yet: what came before is needed"),
                Arguments.of(
                        new ChangeRefusal.EndedOtherwise("job-1", Status.FAILED, Status.FINISHED),
                        "job job-1 ended as FAILED already, not as FINISHED"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changeRefusals")
    void aRefusedChangeIsNamed(ChangeRefusal refusal, String sentence) {
        assertEquals(sentence, Sentences.of(refusal));
    }

    @Test
    void noRefusalIsWithoutItsRow() {
        assertEquals(kinds(Refusal.class).collect(Collectors.toSet()), told(refusals()));
        assertEquals(
                kinds(ChangeRefusal.class).collect(Collectors.toSet()), told(changeRefusals()));
    }

    private static Set<Class<?>> told(Stream<Arguments> rows) {
        return rows.map(row -> row.get()[0].getClass()).collect(Collectors.toSet());
    }

    private static Stream<Class<?>> kinds(Class<?> sealed) {
        return sealed.isSealed()
                ? Arrays.stream(sealed.getPermittedSubclasses()).flatMap(SentencesTest::kinds)
                : Stream.of(sealed);
    }
}
