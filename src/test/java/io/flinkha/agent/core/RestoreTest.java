package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestRules;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.RestorePolicy.Strategy;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.core.restart.StartRules;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new revision starts from, by strategy. */
class RestoreTest {
    private static final Revision OLD = new Revision("uid-1", "2.3.0", "code-1");
    private static final Revision NEW = new Revision("uid-2", "2.3.0", "code-2");
    private static final long NOW = 1_000_000;

    private static Manifest running() {
        return Manifest.EMPTY.startRun(OLD, new Run("job-1", "job", 1), null);
    }

    private static Manifest with(Manifest manifest, Change... changes) {
        Manifest changed = manifest;
        for (Change change : changes) {
            ManifestRules.Applied.Ok ok =
                    assertInstanceOf(
                            ManifestRules.Applied.Ok.class, ManifestRules.apply(changed, change));
            changed = ok.manifest();
        }
        return changed;
    }

    private static Change checkpoint(String jobId, long id) {
        return new Change.AddCheckpoint(jobId, 3, Bench.pointer(id));
    }

    private static Change savepoint(String jobId, String path, long at) {
        return new Change.RecordSavepoint(new Savepoint(jobId, path, at));
    }

    private static Change end(Status status, String stoppedWith, boolean discarded) {
        return new Change.RecordResult(
                new JobResult(
                        "job-1",
                        status,
                        "",
                        "1970-01-01T00:10:00Z",
                        stoppedWith,
                        discarded || status == Status.FINISHED));
    }

    private static RestorePolicy policy(
            Strategy strategy, ClaimMode claim, @Nullable Duration maxAge, boolean older) {
        return new RestorePolicy(strategy, null, "", false, claim, maxAge, older, 1);
    }

    private static StartRules.Decision decide(Manifest manifest, RestorePolicy policy) {
        return decide(manifest, policy, false);
    }

    private static StartRules.Decision decide(
            Manifest manifest, RestorePolicy policy, boolean stockHaHasRun) {
        return StartRules.decide(
                manifest,
                new StartRules.Circumstances(
                        NEW, "job-2", null, false, policy, null, null, stockHaHasRun, NOW));
    }

    private static String told(Start start) {
        return switch (start) {
            case Start.Fresh fresh -> "FRESH";
            case Start.Resume resume -> "RESUME";
            case Start.Restore restore -> restore.candidates().getFirst();
            case Start.Halt halt -> "HALT " + halt.code().code();
        };
    }

    /** Columns: how it ended, checkpoints, savepoints, then what each strategy starts from. */
    @ParameterizedTest(name = "{0} checkpoint={1} savepoint={2}")
    @CsvSource({
        "crashed,          true,  true,  file:/state/chk-7, sp-1,     FRESH",
        "crashed,          true,  false, file:/state/chk-7, HALT 78,  FRESH",
        "crashed,          false, true,  sp-1,              sp-1,     FRESH",
        "crashed,          false, false, FRESH,             FRESH,    FRESH",
        "FAILED,           true,  true,  file:/state/chk-7, sp-1,     FRESH",
        "FAILED,           true,  false, file:/state/chk-7, HALT 78,  FRESH",
        "CANCELED,         true,  true,  file:/state/chk-7, sp-1,     FRESH",
        "CANCELED discard, true,  true,  FRESH,             FRESH,    FRESH",
        "FINISHED,         true,  true,  FRESH,             FRESH,    FRESH",
        "stopped,          true,  true,  sp-end,            sp-end,   FRESH",
        "stopped,          true,  false, sp-end,            sp-end,   FRESH"
    })
    void byStrategy(
            String how,
            boolean checkpoint,
            boolean savepoint,
            String latestState,
            String latestSavepoint,
            String none) {
        Manifest manifest = running();
        if (savepoint) {
            manifest = with(manifest, savepoint("job-1", "sp-1", 500));
        }
        if (checkpoint) {
            manifest = with(manifest, checkpoint("job-1", 6), checkpoint("job-1", 7));
        }
        manifest =
                switch (how) {
                    case "crashed" -> manifest;
                    case "stopped" -> with(manifest, end(Status.FINISHED, "sp-end", false));
                    case "CANCELED discard" -> with(manifest, end(Status.CANCELED, "", true));
                    default -> with(manifest, end(Status.valueOf(how), "", false));
                };
        assertEquals(latestState, told(decide(manifest, RestorePolicy.LATEST_STATE).start()));
        assertEquals(
                latestSavepoint,
                told(decide(manifest, RestorePolicy.by(Strategy.LATEST_SAVEPOINT)).start()));
        assertEquals(none, told(decide(manifest, RestorePolicy.by(Strategy.NONE)).start()));
    }

    @Test
    void savepointOfAnEarlierRunIsTheLatestToo() {
        Manifest first = with(running(), savepoint("job-1", "sp-1", 500), checkpoint("job-1", 7));
        RestorePolicy policy = RestorePolicy.by(Strategy.LATEST_SAVEPOINT);
        Manifest second =
                with(decide(first, policy).manifest(), checkpoint("job-2", 8))
                        .startRun(OLD, new Run("job-3", "", 9), null);
        assertEquals("sp-1", told(decide(second, policy).start()));
        assertEquals("FRESH", told(decide(second, RestorePolicy.LATEST_STATE).start()));
    }

    /** Bench.pointer(id) was completed at millisecond id, and it is 1,000,000 now. */
    @ParameterizedTest
    @CsvSource({
        "900, 7, HALT 78",
        "1000, 7, file:/state/chk-7",
        "10, 990000, file:/state/chk-990000"
    })
    void stateThatIsTooOldIsRefused(long maxSeconds, long id, String expected) {
        Manifest manifest = with(running(), checkpoint("job-1", id));
        RestorePolicy policy =
                policy(
                        Strategy.LATEST_STATE,
                        ClaimMode.NO_CLAIM,
                        Duration.ofSeconds(maxSeconds),
                        false);
        StartRules.Decision decision = decide(manifest, policy);
        assertEquals(expected, told(decision.start()));
        if (decision.start() instanceof Start.Halt halt) {
            Refusal.StateTooOld old = assertInstanceOf(Refusal.StateTooOld.class, halt.refusal());
            assertEquals("file:/state/chk-7", old.path());
            assertNotNull(old.age());
            assertEquals(policy.maxAge(), old.limit());
        }
    }

    @Test
    void ageThatIsNotKnownIsTooOld() {
        Manifest named =
                decide(
                                running(),
                                new RestorePolicy(
                                        Strategy.LATEST_STATE,
                                        "s3://b/s",
                                        "n",
                                        false,
                                        ClaimMode.NO_CLAIM,
                                        null,
                                        false,
                                        1))
                        .manifest()
                        .startRun(OLD, new Run("job-9", "", 3), null);
        Manifest unknown = with(named, savepoint("job-9", "sp-0", 0));
        RestorePolicy policy =
                policy(Strategy.LATEST_STATE, ClaimMode.NO_CLAIM, Duration.ofDays(900), false);
        Start.Halt halt = assertInstanceOf(Start.Halt.class, decide(unknown, policy).start());
        assertNull(assertInstanceOf(Refusal.StateTooOld.class, halt.refusal()).age());
    }

    @Test
    void olderCheckpointIsOfferedOnlyWhereItIsAllowed() {
        Manifest manifest = with(running(), checkpoint("job-1", 6), checkpoint("job-1", 7));
        Start.Restore alone =
                assertInstanceOf(
                        Start.Restore.class, decide(manifest, RestorePolicy.LATEST_STATE).start());
        assertEquals(List.of("file:/state/chk-7"), alone.candidates());
        RestorePolicy allowed = policy(Strategy.LATEST_STATE, ClaimMode.NO_CLAIM, null, true);
        Start.Restore both =
                assertInstanceOf(Start.Restore.class, decide(manifest, allowed).start());
        assertEquals(List.of("file:/state/chk-7", "file:/state/chk-6"), both.candidates());
    }

    /** Nothing is named any more that Flink deletes from then on. */
    @Test
    void claimedStateIsNamedUntilTheFirstOwnCheckpoint() {
        Manifest manifest =
                with(running(), checkpoint("job-1", 7), savepoint("job-1", "sp-1", 500));
        StartRules.Decision decision =
                decide(manifest, policy(Strategy.LATEST_STATE, ClaimMode.CLAIM, null, false));
        Manifest restored = decision.manifest();
        assertEquals("file:/state/chk-7", restored.earlierRuns().getLast().path());
        Manifest own = with(restored, checkpoint("job-2", 8));
        assertEquals(null, own.restoredFrom());
        assertFalse(own.earlierRuns().getLast().isKept());
        assertEquals("sp-1", own.savepoint() == null ? "" : own.savepoint().path());
        Manifest claimedSavepoint =
                decide(manifest, policy(Strategy.LATEST_SAVEPOINT, ClaimMode.CLAIM, null, false))
                        .manifest();
        assertEquals(null, with(claimedSavepoint, checkpoint("job-2", 8)).savepoint());
        Change finished = new Change.RecordResult(new JobResult("job-2", Status.FINISHED, "", "t"));
        assertEquals(null, with(claimedSavepoint, finished).savepoint(), "deleted with its job");
    }

    @Test
    void emptyStartIsRefusedWhereSomethingShowsAnEarlierLife() {
        assertEquals(
                new Start.Halt(new Refusal.StockHaHasRun(), ExitCode.REFUSED),
                decide(Manifest.EMPTY, RestorePolicy.LATEST_STATE, true).start());
        assertEquals(
                "FRESH",
                told(decide(Manifest.EMPTY, RestorePolicy.by(Strategy.NONE), true).start()));
        Manifest known = with(running(), checkpoint("job-1", 7));
        assertEquals(
                "file:/state/chk-7", told(decide(known, RestorePolicy.LATEST_STATE, true).start()));
    }

    /** The settings that a cluster is rebuilt with may be years old. */
    @Test
    void noSettingOverridesALostManifest() {
        RestorePolicy path =
                new RestorePolicy(
                        Strategy.LATEST_STATE,
                        "file:/old",
                        "n",
                        false,
                        ClaimMode.NO_CLAIM,
                        null,
                        false,
                        1);
        for (RestorePolicy policy :
                List.of(RestorePolicy.LATEST_STATE, RestorePolicy.by(Strategy.NONE), path)) {
            StartRules.Circumstances start =
                    new StartRules.Circumstances(
                            NEW, "job-2", null, false, policy, null, "7-42.json", false, NOW);
            StartRules.Decision decision = StartRules.decide(Manifest.EMPTY, start);
            assertEquals(
                    new Start.Halt(new Refusal.CopyOfLostManifest("7-42.json"), ExitCode.REFUSED),
                    decision.start());
            assertEquals(Manifest.EMPTY, decision.manifest());
        }
    }

    /** An image's tag may mean other code by now; that is nobody's act. */
    @ParameterizedTest
    @EnumSource(names = {"NONE", "LATEST_SAVEPOINT"})
    void aStrategyHoldsOncePerJob(Strategy strategy) {
        Manifest manifest = with(running(), checkpoint("job-1", 7));
        Revision moved = new Revision(OLD.controller(), OLD.flink(), "code of a moved tag");
        StartRules.Circumstances start =
                new StartRules.Circumstances(
                        moved,
                        "job-2",
                        null,
                        false,
                        RestorePolicy.by(strategy),
                        null,
                        null,
                        false,
                        NOW);
        assertEquals("file:/state/chk-7", told(StartRules.decide(manifest, start).start()));
    }

    /**
     * What is decided is committed before any of it was opened: the next start must know it all.
     */
    @Test
    void olderCheckpointsStayKnownUntilThereIsANewOne() {
        Manifest manifest = with(running(), checkpoint("job-1", 7), checkpoint("job-1", 8));
        Manifest refused = decide(manifest, RestorePolicy.LATEST_STATE).manifest();
        RestorePolicy allowed = policy(Strategy.LATEST_STATE, ClaimMode.NO_CLAIM, null, true);
        StartRules.Circumstances again =
                new StartRules.Circumstances(
                        new Revision("uid-3", OLD.flink(), OLD.userCode()),
                        "job-3",
                        null,
                        false,
                        allowed,
                        null,
                        null,
                        false,
                        NOW);
        StartRules.Decision second = StartRules.decide(refused, again);
        Start.Restore start = assertInstanceOf(Start.Restore.class, second.start());
        assertEquals(List.of("file:/state/chk-8", "file:/state/chk-7"), start.candidates());

        Manifest opened = with(second.manifest(), new Change.RecordRestore("file:/state/chk-7"));
        assertEquals("file:/state/chk-7", source(opened).path());
        assertEquals(
                List.of("file:/state/chk-7"),
                opened.earlierRuns().stream()
                        .map(EarlierRun::path)
                        .filter(path -> !path.isEmpty())
                        .toList(),
                "the run is kept for what can be read");
        assertEquals(List.of(), source(with(opened, checkpoint("job-3", 9))).older());
    }

    private static RestoredFrom source(Manifest manifest) {
        return Objects.requireNonNull(manifest.restoredFrom());
    }

    /** Flink spells its own paths in its own way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/state/job-1/chk-7",
                "file:///state/job-1/chk-7/_metadata",
                "file:///state/job-1/chk-6"
            })
    void whatAClaimTakesIsNamedNoMore(String claimed) {
        Manifest ended =
                running()
                        .withEarlierRuns(
                                List.of(
                                        new EarlierRun(
                                                "job-1",
                                                "file:/state/job-1/chk-7",
                                                "",
                                                false,
                                                true)))
                        .withRestoredFrom(new RestoredFrom(claimed, ClaimMode.CLAIM, false, 0));
        Manifest after =
                with(
                        ended.startRun(NEW, new Run("job-2", "", 2), ended.restoredFrom()),
                        checkpoint("job-2", 8));
        assertEquals(null, after.restoredFrom());
        assertTrue(after.earlierRuns().stream().noneMatch(EarlierRun::isKept), after::toString);
    }

    @Test
    void earlierRunsAreRetiredThenForgotten() {
        Manifest manifest = with(running(), checkpoint("job-1", 7));
        for (int i = 2; i <= 4; i++) {
            // The third one never had a state of its own.
            manifest = manifest.startRun(OLD, new Run("job-" + i, "job", i), null);
            manifest = i == 3 ? manifest : with(manifest, checkpoint("job-" + i, 10 + i));
        }
        assertEquals(
                List.of("file:/state/chk-7", "file:/state/chk-12", ""),
                manifest.earlierRuns().stream().map(EarlierRun::path).toList());
        Manifest given = with(manifest, new Change.RetireRuns(1));
        assertEquals(
                List.of(false, true, false),
                given.earlierRuns().stream().map(EarlierRun::isKept).toList());
        assertEquals(given, with(given, new Change.RetireRuns(2)), "for good");
        Manifest swept = with(given, new Change.RecordSweep(Set.of("job-1", "job-2", "job-3")));
        assertEquals(1, swept.earlierRuns().size());
        assertTrue(swept.earlierRuns().getFirst().swept());
        assertInstanceOf(
                ManifestRules.Applied.Refused.class,
                ManifestRules.apply(
                        swept.startRun(NEW, new Run("job-5", "", 9), null),
                        new Change.RetireRuns(1)),
                "before the first own checkpoint what came before is needed");
    }

    @Test
    void olderSavepointChangesNothing() {
        Manifest manifest = with(running(), savepoint("job-1", "sp-2", 600));
        assertSame(manifest, with(manifest, savepoint("job-1", "sp-1", 500)));
        assertSame(manifest, with(manifest, savepoint("job-1", "sp-2", 600)));
    }
}
