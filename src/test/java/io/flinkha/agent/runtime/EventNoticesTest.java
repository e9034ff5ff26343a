package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.ProcessEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A life from the first Lease to a failed job, as {@code kubectl describe} shows it. */
class EventNoticesTest {
    private final List<Notice> notices = new ArrayList<>();
    private final AgentLife life = new AgentLife(new EventNotices(notices::add));

    @Test
    void leadershipPlanResultAndSignalAreTold() {
        life.run(1_000);
        life.start();
        String jobId = Objects.requireNonNull(life.api().stored().run()).jobId();
        JobResult result = new JobResult(jobId, JobResult.Status.FAILED, "boom", "t");
        life.step(new Event.ChangeOffered(3, AgentLife.JM, 1, new Change.RecordResult(result)));
        life.run(1_000);
        life.step(new Event.AdapterFailed("x", "a bug"));
        assertEquals(
                List.of(
                        "NORMAL LeaderElection",
                        "NORMAL RestorePlanned",
                        "WARNING JobTerminal",
                        "WARNING JobSignalled",
                        "WARNING LeadershipLost"),
                notices.stream().map(notice -> notice.kind() + " " + notice.reason()).toList());
        assertTrue(notices.get(2).message().contains("boom"), "the cause");
        assertTrue(notices.get(4).message().contains("a bug"), "the cause");
    }

    @Test
    void refusalsFailedStartsAndSecondChoicesAreWarnings() {
        life.api().leaveMirror("7-42.json", 7);
        life.run(1_000);
        life.start();
        life.step(new Event.StartFailed(3, AgentLife.JM, 8, "there is no operator count-per-key"));
        assertEquals(
                List.of(
                        "NORMAL LeaderElection",
                        "NORMAL LeaderElection",
                        "WARNING RestoreRefused",
                        "WARNING StartFailed"),
                notices.stream().map(notice -> notice.kind() + " " + notice.reason()).toList());
        assertTrue(notices.get(2).message().contains("7-42.json"));
        assertTrue(notices.get(3).message().contains("count-per-key"));
    }

    @Test
    void whatTheStorageDoesAsWitnessIsTold() {
        Manifest old = Manifest.EMPTY.withSequence(40);
        List<Fact> facts =
                List.of(
                        new Fact.HeldByStorage(7, true),
                        new Fact.CommittedByStorage(42),
                        new Fact.HeldByStorage(7, false),
                        new Fact.ManifestHealed(old, old.withSequence(57)),
                        new Fact.CopiesUnverified(List.of("0999999999-000000000001.json")));
        new EventNotices(notices::add)
                .stepped(new Event.Tick(), new Transition(State.initial(), List.of(), facts));
        assertEquals(
                List.of(
                        "WARNING FailsafeEntered",
                        "NORMAL FailsafeLeft",
                        "WARNING ManifestHealed",
                        "WARNING CopyNotVerified"),
                notices.stream().map(notice -> notice.kind() + " " + notice.reason()).toList());
        assertTrue(notices.get(2).message().contains("sequence 57"));
        assertTrue(notices.get(3).message().contains("0999999999-000000000001.json"));
    }

    @Test
    void anEndWithoutAResultAndAHungProcessAreWarnings() {
        life.run(1_000);
        life.start();
        life.hold(new Lock.Held(AgentLife.JM, 3));
        life.run(32_000);
        life.ends(List.of(new ProcessEnd(3, 0, 40, 1)));
        life.hold(new Lock.Free());
        life.run(3_000);
        String killed = message("JobManagerKilled");
        assertTrue(killed.contains("it has not called for 30 s"));
        assertTrue(killed.endsWith("it is to be killed and started again"), killed);
        assertTrue(message("ExitWithoutResult").contains("exited with 0"));
    }

    private String message(String reason) {
        return notices.stream()
                .filter(notice -> notice.reason().equals(reason))
                .map(Notice::message)
                .findFirst()
                .orElse("");
    }
}
