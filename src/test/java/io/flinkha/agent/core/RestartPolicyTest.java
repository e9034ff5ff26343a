package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict table. */
class RestartPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final RestartPolicy POLICY =
            new RestartPolicy(true, OnFailed.FAIL, 3, Duration.ofMinutes(10));
    private static final Signal FAIL = new Signal.FailJob();
    private static final Signal GIVE_UP = new Signal.GiveUp();

    record Row(@Nullable Status result, String controller, int failures, @Nullable Signal due) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row(null, "own", 0, null),
                new Row(null, "own", 2, null),
                new Row(null, "own", 3, GIVE_UP),
                new Row(null, "own", 4, GIVE_UP),
                new Row(Status.FAILED, "own", 0, FAIL),
                new Row(Status.FAILED, "own", 3, FAIL),
                new Row(Status.FINISHED, "own", 3, null),
                new Row(Status.CANCELED, "own", 3, null),
                new Row(Status.FAILED, "earlier", 0, null),
                new Row(Status.FAILED, "earlier", 3, GIVE_UP));
    }

    private static Manifest manifest(@Nullable Status result, String controller) {
        Revision revision = new Revision(controller, "2.3.0", "code");
        Manifest started = Manifest.EMPTY.startRun(revision, new Run("job", "", 1), null);
        return result == null ? started : started.withResult(new JobResult("job", result, "", "t"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void table(Row row) {
        Manifest committed = manifest(row.result(), row.controller());
        assertEquals(row.due(), POLICY.due(committed, "own", row.failures()));
        assertNull(RestartPolicy.NONE.due(committed, "own", row.failures()), "nobody is there");
    }

    @Test
    void parksWhatFailedOnceTheIntentIsWritten() {
        RestartPolicy parking = new RestartPolicy(true, OnFailed.PARK, 3, Duration.ofMinutes(10));
        Manifest failed = manifest(Status.FAILED, "own");
        Parked intent = new Parked("own", null);
        assertEquals(new Signal.Park(null), parking.due(failed, "own", 0));
        assertEquals(new Signal.Park(intent), parking.due(failed.withParked(intent), "own", 0));
        assertNull(parking.due(manifest(Status.FINISHED, "own"), "own", 0));
        assertNull(parking.due(manifest(Status.FAILED, "earlier"), "own", 0));
        assertEquals(GIVE_UP, parking.due(manifest(null, "own"), "own", 3));
    }

    /** Columns: the Job's UID, suspend, its condition True, resumed at; told already, resumed. */
    @ParameterizedTest
    @CsvSource({
        "own, false, false, , false, false",
        "own, true, false, , true, false",
        "own, true, true, , true, false",
        "own, false, true, , true, false",
        "own, false, false, t1, false, false",
        "own, false, false, t2, true, true",
        "other, false, false, t2, false, false"
    })
    void onlyTheJobProvesThatItWasResumed(
            String uid,
            boolean suspended,
            boolean shown,
            @Nullable String resumedAt,
            boolean carriedOut,
            boolean resumed) {
        JobView job = new JobView(uid, "1", suspended, false, false, 0, 7, resumedAt, shown);
        Signal.Park park = new Signal.Park(new Parked("own", "t1"));
        assertEquals(carriedOut, park.isCarriedOut(job));
        assertEquals(resumed, park.isResumed(job));
        assertFalse(new Signal.Park(null).isResumed(job));
    }

    @Test
    void aClusterIdWithoutARunHasABudgetToo() {
        assertEquals(GIVE_UP, POLICY.due(Manifest.EMPTY, "own", 3));
    }

    private static int failures(long seen, Leadership... history) {
        return POLICY.failures(List.of(history), "pod/uid", NOW, seen);
    }

    private static Leadership end(String holder, String time, String reason) {
        return new Leadership(1, holder, time, reason);
    }

    @Test
    void countsTheEndsOfThisPodWithinTheWindow() {
        String ended = RestartPolicy.PROCESS_ENDED;
        Leadership counts = end("pod/uid", "2026-11-22T11:50:01Z", ended);
        assertEquals(1, failures(0, counts));
        assertEquals(2, failures(0, counts, counts));
        assertEquals(0, failures(0, end("pod/uid", "2026-11-22T11:50:00Z", ended)), "too old");
        assertEquals(0, failures(0, end("other/uid", "2026-11-22T11:55:00Z", ended)));
        assertEquals(0, failures(0, end("pod/uid", "2026-11-22T11:55:00Z", "the agent came")));
        assertEquals(0, failures(0, end("pod/uid", "yesterday", ended)), "edited by a person");
    }

    @Test
    void endsThatOnlyTheKubeletSawCountOnce() {
        Leadership counts = end("pod/uid", "2026-11-22T11:55:00Z", RestartPolicy.PROCESS_ENDED);
        assertEquals(1, failures(1, counts));
        assertEquals(4, failures(4, counts));
    }

    @Test
    void endNearestToAPauseInTheHistoryCameInIt() {
        long paused = NOW.getEpochSecond() - 60;
        List<ProcessEnd> ends =
                List.of(
                        new ProcessEnd(1, 1, 5, paused - 40),
                        new ProcessEnd(2, 137, 5, paused + 1),
                        new ProcessEnd(3, 1, 5, paused + 40));
        Leadership own = end("pod/uid", "2026-11-22T11:59:00Z", RestartPolicy.ENDED_PAUSED);
        assertEquals(Set.of(2L), endedPaused(ends, own));
        assertEquals(Set.of(2L, 3L), endedPaused(ends, own, at("pod/uid", "2026-11-22T11:59:41Z")));
        assertEquals(Set.of(), endedPaused(ends, at("other/uid", "2026-11-22T11:59:00Z")));
        assertEquals(Set.of(), endedPaused(ends, at("pod/uid", "yesterday")), "edited by a person");
        assertEquals(Set.of(), endedPaused(List.of(), own));
        String ended = RestartPolicy.PROCESS_ENDED;
        assertEquals(Set.of(), endedPaused(ends, end("pod/uid", "2026-11-22T11:59:00Z", ended)));
    }

    private static Leadership at(String holder, String time) {
        return end(holder, time, RestartPolicy.ENDED_PAUSED);
    }

    private static Set<Long> endedPaused(List<ProcessEnd> ends, Leadership... history) {
        return RestartPolicy.endedPaused(List.of(history), "pod/uid", ends);
    }

    @Test
    void jobThatSaysItAlreadyIsSettled() {
        assertEquals(List.of(false, false), settled(false, false, false, 0));
        assertEquals(List.of(true, true), settled(true, false, false, 0));
        assertEquals(List.of(true, true), settled(false, true, false, 0));
        assertEquals(List.of(true, true), settled(false, false, true, 0));
        assertEquals(List.of(false, false), settled(false, false, false, 6));
        assertEquals(List.of(true, false), settled(false, false, false, 7));
        assertEquals(List.of(true, false), settled(false, false, false, 8));
    }

    private static List<Boolean> settled(
            boolean suspended, boolean deleting, boolean over, int failed) {
        JobView job = new JobView("own", "1", suspended, deleting, over, failed, 7, null, false);
        return List.of(RestartPolicy.isSettled(job, FAIL), RestartPolicy.isSettled(job, GIVE_UP));
    }
}
