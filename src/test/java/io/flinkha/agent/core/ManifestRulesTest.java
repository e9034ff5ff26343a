package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestRules;
import io.flinkha.agent.core.manifest.ManifestRules.Applied;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each change: done, repeated, and refused. */
class ManifestRulesTest {
    private static final PlanRef PLAN = new PlanRef("aa11", 10);
    private static final Manifest RUNNING =
            Manifest.EMPTY
                    .startRun(new Revision("u", "f", "c"), new Run("job-1", "", 1), null)
                    .withReservedTo(33);

    private static Manifest ok(Manifest manifest, Change change) {
        return assertInstanceOf(Applied.Ok.class, ManifestRules.apply(manifest, change)).manifest();
    }

    private static void refused(Manifest manifest, Change change) {
        assertInstanceOf(Applied.Refused.class, ManifestRules.apply(manifest, change));
    }

    private static Change add(String job, long id, int retained) {
        return new Change.AddCheckpoint(job, retained, Bench.pointer(id));
    }

    private static List<Long> ids(Manifest manifest) {
        return manifest.checkpoints().stream().map(Checkpoint::id).toList();
    }

    /** R11: appended and the oldest dropped in one commit. */
    @Test
    void checkpointIsAppendedAndTheOldestDropped() {
        Manifest manifest = RUNNING;
        for (long id = 1; id <= 4; id++) {
            manifest = ok(manifest, add("job-1", id, 3));
        }
        assertEquals(List.of(2L, 3L, 4L), ids(manifest));
        assertEquals(List.of(5L), ids(ok(manifest, add("job-1", 5, 1))), "fewer are retained now");
        assertEquals(new Restorable("file:/state/chk-4", 4), manifest.newest());
    }

    /** R15: the same id and path is done already, another path is refused. */
    @Test
    void checkpointIsAddedOnce() {
        Manifest once = ok(RUNNING, add("job-1", 5, 3));
        assertSame(once, ok(once, add("job-1", 5, 3)));
        Checkpoint elsewhere = new Checkpoint(5, "file:/x", "file:/x/_metadata", 1, 1, 1);
        refused(once, new Change.AddCheckpoint("job-1", 3, elsewhere));
        refused(once, add("job-1", 4, 3));
    }

    @Test
    void checkpointOfAnotherJobIsRefused() {
        refused(RUNNING, add("job-2", 5, 3));
        refused(Manifest.EMPTY, add("job-1", 5, 3));
        refused(RUNNING, add("job-1", 5, 0));
    }

    /** R12: the counter only rises; a repeated call gets what the first one got. */
    @Test
    void idsAreHandedOutOnce() {
        Manifest more = ok(RUNNING, new Change.ReserveIds(33, 32));
        assertEquals(65, more.reservedTo());
        assertSame(more, ok(more, new Change.ReserveIds(33, 32)));
        assertEquals(97, ok(more, new Change.ReserveIds(65, 32)).reservedTo());
        refused(more, new Change.ReserveIds(66, 32));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void oddAmountsOfIdsAreRefused(int count) {
        refused(RUNNING, new Change.ReserveIds(33, count));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000})
    void oneIdAndTenThousandMayBeReserved(int count) {
        assertEquals(33 + count, ok(RUNNING, new Change.ReserveIds(33, count)).reservedTo());
    }

    @Test
    void ownCheckpointIsRestoredWithoutAnotherPointer() {
        Manifest own = ok(RUNNING, add("job-1", 5, 3));
        assertSame(own, ok(own, new Change.RecordRestore(Bench.pointer(5).path())));
        refused(own, new Change.RecordRestore("file:/a"));
    }

    @Test
    void savepointOfAnotherJobIsRefused() {
        refused(RUNNING, new Change.RecordSavepoint(new Savepoint("job-2", "file:/s", 1)));
    }

    /** Of the same epoch, the one with more writes; of two, the one of the later epoch. */
    @Test
    void oneManifestIsNewerThanAnotherAndNoneThanItself() {
        Manifest first = RUNNING.withSequence(7);
        Manifest next = first.withSequence(8);
        Manifest later = first.claimedBy(new Leadership(1, "pod", "t", "r")).withSequence(2);
        assertFalse(first.isNewerThan(first));
        assertTrue(next.isNewerThan(first));
        assertTrue(later.isNewerThan(next));
        assertFalse(next.isNewerThan(later));
        assertEquals(
                List.of(first.copyName(), next.copyName(), later.copyName()),
                Stream.of(later, first, next).map(Manifest::copyName).sorted().toList());
    }

    @Test
    void planIsStoredAndDropped() {
        Manifest stored = ok(RUNNING, new Change.StorePlan("job-1", "name", PLAN));
        assertEquals(PLAN, stored.plan());
        assertEquals(new Run("job-1", "name", 1), stored.run());
        assertSame(stored, ok(stored, new Change.StorePlan("job-1", "name", PLAN)));
        refused(stored, new Change.StorePlan("job-2", "name", PLAN));
        refused(Manifest.EMPTY, new Change.StorePlan("job-1", "name", PLAN));

        assertSame(stored, ok(stored, new Change.DropPlan("job-2", "over")), "not its plan");
        Manifest dropped = ok(stored, new Change.DropPlan("job-1", "over"));
        assertNull(dropped.plan());
        assertSame(dropped, ok(dropped, new Change.DropPlan("job-1", "over")));
    }

    @Test
    void restoreTakesOneOfItsCandidates() {
        refused(RUNNING, new Change.RecordRestore("file:/a"));
        Manifest restoring =
                RUNNING.withRestoredFrom(new RestoredFrom("file:/a", ClaimMode.NO_CLAIM, false, 0));
        assertSame(restoring, ok(restoring, new Change.RecordRestore("file:/a")));
        assertEquals(
                new RestoredFrom("file:/b", ClaimMode.NO_CLAIM, false, 0),
                ok(restoring, new Change.RecordRestore("file:/b")).restoredFrom());
    }

    @ParameterizedTest(name = "{0} then {1}: done {2}")
    @CsvSource({
        "FAILED, FAILED, true",
        "FINISHED, FINISHED, true",
        "FAILED, FINISHED, false",
        "CANCELED, FAILED, false"
    })
    void resultIsRecordedOnce(Status first, Status second, boolean done) {
        Manifest ended =
                ok(RUNNING, new Change.RecordResult(new JobResult("job-1", first, "x", "t")));
        Change again = new Change.RecordResult(new JobResult("job-1", second, "y", "u"));
        if (done) {
            assertSame(ended, ok(ended, again));
        } else {
            refused(ended, again);
        }
        refused(RUNNING, new Change.RecordResult(new JobResult("job-2", first, "", "")));
    }

    /** Its call was on the way when the job ended: Flink deletes the files of both. */
    @Test
    void nothingIsNamedOnceItIsDiscarded() {
        Manifest running = ok(RUNNING, add("job-1", 1, 3));
        Manifest finished =
                ok(
                        running,
                        new Change.RecordResult(new JobResult("job-1", Status.FINISHED, "", "t")));
        assertEquals(List.of(), finished.checkpoints());
        assertSame(finished, ok(finished, add("job-1", 2, 3)));
        Manifest failed =
                ok(
                        running,
                        new Change.RecordResult(new JobResult("job-1", Status.FAILED, "", "t")));
        assertEquals(List.of(1L, 2L), ids(ok(failed, add("job-1", 2, 3))));
    }

    @Test
    void runsThatNeverCameToAJobPushNobodyOut() {
        Manifest manifest =
                ok(RUNNING, add("job-1", 1, 3))
                        .startRun(new Revision("u", "f", "c"), new Run("job-2", "", 2), null);
        for (int i = 3; i <= 50; i++) {
            manifest =
                    manifest.startRun(
                            new Revision("u", "f", "c"), new Run("job-" + i, "", i), null);
        }
        assertEquals(
                List.of("job-1"), manifest.earlierRuns().stream().map(EarlierRun::jobId).toList());
        Manifest named =
                ok(manifest, new Change.StorePlan("job-50", "job", PLAN))
                        .startRun(new Revision("u", "f", "c"), new Run("job-51", "", 51), null);
        assertEquals("job-50", named.earlierRuns().getLast().jobId());
    }

    @Test
    void historyAndRetiredAreBounded() {
        Manifest manifest = RUNNING;
        for (int i = 1; i <= 40; i++) {
            manifest =
                    manifest.claimedBy(new Leadership(i, "h", "t", "r"))
                            .withCheckpoints(List.of(Bench.pointer(i)))
                            .startRun(
                                    new Revision("u", "f", "c" + i), new Run("j" + i, "", i), null);
        }
        assertEquals(Manifest.MAX_HISTORY, manifest.history().size());
        assertEquals(40, manifest.history().getLast().epoch());
        assertEquals(Manifest.MAX_EARLIER_RUNS, manifest.earlierRuns().size());
        assertEquals("file:/state/chk-40", manifest.earlierRuns().getLast().path());
        assertNull(manifest.newest());
    }
}
