package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.RestorePolicy.Strategy;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.core.restart.StartRules;
import io.flinkha.agent.sentences.Sentences;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a starting JobManager does, row by row. */
class StartRulesTest {
    private static final Revision OLD = new Revision("uid-1", "2.3.0", "code-1");
    private static final Revision NEW = new Revision("uid-2", "2.3.0", "code-2");
    private static final PlanRef PLAN = new PlanRef("aa11", 10);
    private static final RestoredFrom ROOT =
            new RestoredFrom("file:/state/chk-40", ClaimMode.CLAIM, true, 0);

    private static Manifest manifest(
            boolean plan, boolean checkpoint, boolean restored, @Nullable Status result) {
        List<Checkpoint> checkpoints =
                checkpoint ? List.of(Bench.pointer(50), Bench.pointer(51)) : List.of();
        return new Manifest(
                7,
                20,
                OLD,
                new Run("job-1", "job", 3),
                plan ? PLAN : null,
                checkpoints,
                restored ? ROOT : null,
                null,
                List.of(),
                65,
                result == null ? null : new JobResult("job-1", result, "", "t"),
                null,
                null,
                0,
                List.of());
    }

    private static final long NOW = 1_000_000;

    private static StartRules.Circumstances start(
            Revision revision,
            String jobId,
            @Nullable String damage,
            boolean resumed,
            RestorePolicy policy) {
        return new StartRules.Circumstances(
                revision, jobId, damage, resumed, policy, null, null, false, NOW);
    }

    private static @Nullable String path(@Nullable Restorable state) {
        return state == null ? null : state.path();
    }

    private static StartRules.Decision decide(
            Manifest manifest, Revision revision, String jobId, @Nullable String damage) {
        return StartRules.decide(
                manifest, start(revision, jobId, damage, false, RestorePolicy.LATEST_STATE));
    }

    /** Columns: revision new, plan, plan damaged, own checkpoint, restored from, result. */
    @ParameterizedTest(name = "new={0} plan={1} damaged={2} chk={3} root={4} {5} -> {6} from {7}")
    @CsvSource({
        // goes on with the stored plan
        "false, true, false, true, false, , RESUME, ",
        "false, true, false, false, false, , RESUME, ",
        "false, true, false, false, true, , RESUME, ",
        // no plan that could be used: main() runs, the state is restored
        "false, false, false, true, false, , RESTORE, chk-51",
        "false, false, false, false, true, , RESTORE, chk-40",
        "false, false, false, true, true, , RESTORE, chk-51",
        "false, true, true, true, false, , RESTORE, chk-51",
        "false, true, true, false, true, , RESTORE, chk-40",
        // no plan and no state: nothing is lost by starting empty
        "false, false, false, false, false, , FRESH, ",
        "false, true, true, false, false, , FRESH, ",
        // a new revision drops the plan, never the pointer
        "true, true, false, true, false, , RESTORE, chk-51",
        "true, false, false, true, false, , RESTORE, chk-51",
        "true, true, false, false, true, , RESTORE, chk-40",
        "true, true, true, true, false, , RESTORE, chk-51",
        "true, true, false, false, false, , FRESH, ",
        // over in this revision: never again
        "false, true, false, true, false, FAILED, HALT 163, ",
        "false, false, false, false, false, FAILED, HALT 163, ",
        "false, true, false, true, false, FINISHED, HALT 0, ",
        "false, true, false, true, false, CANCELED, HALT 0, ",
        "false, false, true, true, true, CANCELED, HALT 0, ",
        // over, and fixed since
        "true, true, false, true, false, FAILED, RESTORE, chk-51",
        "true, false, false, false, true, FAILED, RESTORE, chk-40",
        "true, true, false, false, false, FAILED, FRESH, ",
        "true, true, false, true, false, CANCELED, RESTORE, chk-51",
        "true, true, false, true, false, FINISHED, FRESH, ",
        "true, true, false, false, true, FINISHED, FRESH, "
    })
    void decides(
            boolean newRevision,
            boolean plan,
            boolean damaged,
            boolean checkpoint,
            boolean restored,
            @Nullable Status result,
            String expected,
            @Nullable String from) {
        StartRules.Decision decision =
                decide(
                        manifest(plan, checkpoint, restored, result),
                        newRevision ? NEW : OLD,
                        "job-2",
                        damaged ? "the plan is damaged" : null);
        switch (decision.start()) {
            case Start.Fresh fresh -> assertEquals(expected, "FRESH");
            case Start.Resume resume -> assertEquals(expected, "RESUME");
            case Start.Restore restore -> {
                assertEquals(expected, "RESTORE");
                assertEquals(List.of("file:/state/" + from), restore.candidates());
            }
            case Start.Halt halt -> assertEquals(expected, "HALT " + halt.code().code());
        }
        assertEquals(65, decision.manifest().reservedTo(), "ids never go back");
    }

    @Test
    void startsEmptyWhereNothingEverWas() {
        Manifest claimed = Manifest.EMPTY;
        StartRules.Decision decision = decide(claimed, OLD, "job-1", null);
        Start.Fresh fresh = assertInstanceOf(Start.Fresh.class, decision.start());
        assertEquals("job-1", fresh.jobId());
        assertEquals(new Run("job-1", "", 0), decision.manifest().run());
        assertEquals(OLD, decision.manifest().revision());
    }

    @Test
    void resumeChangesNothing() {
        Manifest manifest = manifest(true, true, true, null);
        StartRules.Decision decision = decide(manifest, OLD, "job-2", null);
        Start.Resume resume = assertInstanceOf(Start.Resume.class, decision.start());
        assertSame(manifest, decision.manifest());
        assertEquals("job-1", resume.jobId());
        assertEquals(PLAN, resume.plan());
        assertEquals(manifest.checkpoints(), resume.checkpoints());
        assertEquals(ROOT, resume.restoredFrom());
    }

    @Test
    void newRunRetiresThePointerOfTheLast() {
        StartRules.Decision decision =
                decide(manifest(true, true, true, Status.FAILED), NEW, "job-2", null);
        Manifest started = decision.manifest();
        assertEquals(new Run("job-2", "", 7), started.run());
        assertEquals(NEW, started.revision());
        assertNull(started.plan());
        assertNull(started.result());
        assertEquals(List.of(), started.checkpoints());
        assertEquals(
                new RestoredFrom(
                        "file:/state/chk-51",
                        ClaimMode.NO_CLAIM,
                        false,
                        Bench.pointer(51).completedAt(),
                        List.of("file:/state/chk-50")),
                started.restoredFrom());
        assertEquals(
                List.of(new EarlierRun("job-1", "file:/state/chk-51", "aa11", false, false)),
                started.earlierRuns());
        assertEquals("file:/state/chk-51", path(started.newest()), "until it has one of its own");
    }

    /** A resume of the Job revives what failed, and nothing else. */
    @ParameterizedTest
    @CsvSource({
        "true, true, FAILED, RESTORE",
        "false, true, FAILED, FRESH",
        "true, true, FINISHED, HALT",
        "true, true, CANCELED, HALT",
        "true, false, FAILED, HALT",
        "true, true, , RESUME"
    })
    void resumedJobGoesOn(
            boolean checkpoint, boolean resumed, @Nullable Status result, String expected) {
        Manifest parked =
                manifest(true, checkpoint, false, result).withParked(new Parked("uid-1", null));
        StartRules.Decision decision =
                StartRules.decide(
                        parked, start(OLD, "job-2", null, resumed, RestorePolicy.LATEST_STATE));
        String start = decision.start().getClass().getSimpleName().toUpperCase(Locale.ROOT);
        assertEquals(expected, start);
        boolean goesOn = expected.equals("RESTORE") || expected.equals("FRESH");
        assertEquals(goesOn, decision.manifest().parked() == null, "the next one fails anew");
        assertEquals(goesOn, Sentences.of(decision.start()).contains("resumed after"));
        assertEquals(
                expected.equals("HALT"), Sentences.of(decision.start()).contains("suspend: false"));
    }

    @Test
    void decidingTwiceForOneEpochComesToTheSame() {
        Manifest once = decide(manifest(false, true, false, null), OLD, "job-2", null).manifest();
        assertEquals(once, decide(once, OLD, "job-2", null).manifest());
        assertTrue(once.earlierRuns().size() == 1);
    }

    /** The tag of the image means other code by now, and a pod was replaced. */
    @ParameterizedTest
    @CsvSource({
        "uid-1, FAILED, true",
        "uid-1, FINISHED, true",
        "uid-1, , false",
        "'', FAILED, false"
    })
    void whatIsOverInThisJobIsOverWhateverItsCode(
            String controller, @Nullable Status result, boolean halts) {
        Manifest manifest = manifest(true, true, false, result);
        if (controller.isEmpty()) {
            Manifest started =
                    manifest.startRun(
                            new Revision("", "2.3.0", "code-1"), new Run("job-1", "", 7), null);
            manifest = started.withResult(new JobResult("job-1", Status.FAILED, "", "t"));
        }
        Revision otherCode = new Revision(controller, "2.3.0", "code-2");
        Start start = decide(manifest, otherCode, "job-2", null).start();
        assertEquals(halts, start instanceof Start.Halt, start::toString);
    }

    private static Manifest finished(String savepoint) {
        return manifest(true, true, false, null)
                .withResult(new JobResult("job-1", Status.FINISHED, "", "t", savepoint, true));
    }

    /** Its side effects are committed: the checkpoint before it must not be restored. */
    @Test
    void jobThatWasStoppedWithASavepointGoesOnFromIt() {
        StartRules.Decision decision = decide(finished("s3://b/s-1"), NEW, "job-2", null);
        Start.Restore start = assertInstanceOf(Start.Restore.class, decision.start());
        assertEquals(List.of("s3://b/s-1"), start.candidates());
        assertEquals("s3://b/s-1", decision.manifest().earlierRuns().getLast().path());
        assertInstanceOf(
                Start.Halt.class, decide(finished("s3://b/s-1"), OLD, "job-2", null).start());
    }

    @Test
    void nobodyGuessesWhetherAJobWasStoppedWithASavepoint() {
        Manifest unknown = finished(JobResult.UNKNOWN);
        StartRules.Decision decision = decide(unknown, NEW, "job-2", null);
        Start.Halt halt = assertInstanceOf(Start.Halt.class, decision.start());
        assertEquals(ExitCode.REFUSED, halt.code());
        assertInstanceOf(Refusal.SavepointUnknown.class, halt.refusal());
        assertSame(unknown, decision.manifest());
        RestorePolicy none = RestorePolicy.by(Strategy.NONE);
        assertInstanceOf(Start.Fresh.class, with(none, unknown, NEW).start());
        assertInstanceOf(Start.Restore.class, with(named("s3://b/s", "n"), unknown, NEW).start());
    }

    private static StartRules.Decision with(RestorePolicy policy, Manifest manifest, Revision to) {
        return StartRules.decide(manifest, start(to, "job-2", null, false, policy));
    }

    private static RestorePolicy named(String path, String nonce) {
        return new RestorePolicy(
                Strategy.LATEST_STATE, path, nonce, true, ClaimMode.NO_CLAIM, null, false, 1);
    }

    /** Columns: revision new, result. An act of a person goes before everything. */
    @ParameterizedTest
    @CsvSource({"true, ", "false, ", "false, FAILED", "false, FINISHED", "true, CANCELED"})
    void namedPathWinsOnce(boolean newRevision, @Nullable Status result) {
        Manifest manifest = manifest(true, true, false, result);
        Revision to = newRevision ? NEW : OLD;
        RestorePolicy policy = named("file:/save/s-7", "n1");
        StartRules.Decision decision = with(policy, manifest, to);
        Start.Restore start = assertInstanceOf(Start.Restore.class, decision.start());
        assertEquals(List.of("file:/save/s-7"), start.candidates());
        assertTrue(start.allowNonRestoredState());
        assertNull(decision.manifest().result());
        assertEquals(
                result == Status.FINISHED ? "" : "file:/state/chk-51",
                decision.manifest().earlierRuns().getLast().path());
        Manifest later = decision.manifest().withCheckpoints(List.of(Bench.pointer(52)));
        Start.Restore again =
                assertInstanceOf(Start.Restore.class, with(policy, later, to).start());
        assertEquals(List.of("file:/state/chk-52"), again.candidates(), "not back to it");
        Start.Restore asked =
                assertInstanceOf(
                        Start.Restore.class,
                        with(named("file:/save/s-7", "n2"), later, to).start());
        assertEquals(List.of("file:/save/s-7"), asked.candidates(), "asked for once more");
    }

    @Test
    void firstRunMayStartFromANamedPath() {
        StartRules.Decision decision = with(named("s3://b/s", "s3://b/s"), Manifest.EMPTY, OLD);
        assertInstanceOf(Start.Restore.class, decision.start());
        assertEquals("s3://b/s", path(decision.manifest().newest()));
    }

    /** Columns: revision new, plan, expected. It says what a revision starts from, no more. */
    @ParameterizedTest
    @CsvSource({
        "true, true, Fresh",
        "true, false, Fresh",
        "false, true, Resume",
        "false, false, Restore"
    })
    void strategyNoneLeavesTheStateOfTheRevisionBeforeBehind(
            boolean newRevision, boolean plan, String expected) {
        RestorePolicy none = RestorePolicy.by(Strategy.NONE);
        StartRules.Decision decision =
                with(none, manifest(plan, true, false, null), newRevision ? NEW : OLD);
        assertEquals(expected, decision.start().getClass().getSimpleName());
        assertEquals(newRevision, decision.manifest().newest() == null);
    }

    @Test
    void exitCodesAreTheContract() {
        assertEquals(0, ExitCode.DONE.code());
        assertEquals(75, ExitCode.GATE_CLOSED.code());
        assertEquals(78, ExitCode.REFUSED.code());
        assertEquals(163, ExitCode.FAILED.code());
    }
}
