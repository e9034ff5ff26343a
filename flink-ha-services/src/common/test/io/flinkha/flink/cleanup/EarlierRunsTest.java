package io.flinkha.flink.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.OtherEnd;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlierRunsTest {
    private static final String OLD = "fedcba9876543210fedcba9876543210";
    private static final String LAST = "ffffffffffffffffffffffffffffffff";

    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk own;
    private RunDirectoryOnDisk old;
    private RunDirectoryOnDisk last;
    private CompletedCheckpoint kept;
    private final List<JobID> blobs = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        jm.grant(TestJm.fresh());
        Path checkpoints = directory.resolve("checkpoints");
        own = new RunDirectoryOnDisk(checkpoints);
        old = new RunDirectoryOnDisk(checkpoints, OLD);
        last = new RunDirectoryOnDisk(checkpoints, LAST);
        old.checkpoint(7, old.file("shared/a"), old.file("chk-7/state"));
        kept = last.checkpoint(40, last.file("shared/used"), last.file("chk-40/state"));
        last.file("shared/orphan");
        last.file("chk-41/half");
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private void answer(String collect, String keep) {
        jm.agent.on(
                OtherEnd.EARLIER_RUNS,
                call -> FakeAgent.ok("{\"collect\":[" + collect + "],\"keep\":[" + keep + "]}"));
    }

    private static String run(String jobId, String path) {
        return "{\"jobId\":\"" + jobId + "\",\"path\":\"" + path + "\"}";
    }

    private void firstCheckpoint(FileStateHandle... states) throws Exception {
        CompletedCheckpoint first = own.checkpoint(193, states);
        new CleanUp(
                        List.of(
                                new EarlierRuns(
                                        jm.client,
                                        jm.run(),
                                        jm.gate::isOpen,
                                        blobs::add,
                                        Runnable::run)))
                .acknowledged(first, List.of(193L));
    }

    private List<String> swept() {
        return jm.agent.calls(OtherEnd.SWEPT).stream()
                .flatMap(call ->
                        StreamSupport.stream(call.json().path("jobIds").spliterator(), false))
                .map(jobId -> jobId.asText())
                .collect(Collectors.toList());
    }

    @Test
    void sweepsARunAndKeepsTheLastStateOfAnother() throws Exception {
        own.file("chk-194/half");
        Files.writeString(directory.resolve("checkpoints/other"), "not a run's");
        answer(run(OLD, ""), run(LAST, kept.getExternalPointer()));
        firstCheckpoint(own.file("shared/b"));
        assertFalse(Files.exists(old.resolve("")));
        assertEquals(List.of("chk-40/_metadata", "chk-40/state", "shared/used"), last.content());
        assertEquals(List.of("chk-193/_metadata", "chk-194/half", "shared/b"), own.content());
        assertTrue(Files.exists(directory.resolve("checkpoints/other")));
        assertEquals(List.of(OLD, LAST), swept());
        assertEquals(List.of(JobID.fromHexString(OLD)), blobs, "a kept run may be put back");
    }

    @Test
    void followsARunToWhereItsCheckpointsWere() throws Exception {
        RunDirectoryOnDisk elsewhere = new RunDirectoryOnDisk(directory.resolve("before"), OLD);
        String path = elsewhere.checkpoint(7).getExternalPointer();
        answer(run(OLD, path + "/_metadata"), "");
        firstCheckpoint();
        assertFalse(Files.exists(elsewhere.resolve("")));
        assertFalse(Files.exists(old.resolve("")));
    }

    @Test
    void leavesADirectoryAloneThatIsNotNamedAfterTheRun() throws Exception {
        Path savepoint = Files.createDirectories(directory.resolve("savepoints/savepoint-1"));
        Files.writeString(savepoint.resolve("_metadata"), "a person's");
        answer(run(OLD, "file:" + savepoint), "");
        firstCheckpoint();
        assertTrue(Files.exists(savepoint.resolve("_metadata")));
        assertEquals(List.of(OLD), swept());
    }

    @Test
    void leavesASavepointAloneThatWasTakenIntoARunsDirectory() throws Exception {
        old.file("savepoint-fedcba-0123456789ab/_metadata");
        answer(run(OLD, ""), "");
        firstCheckpoint();
        assertEquals(List.of("savepoint-fedcba-0123456789ab/_metadata"), old.content());
        assertEquals(List.of(OLD), swept());
    }

    @Test
    void leavesFilesAloneThatTasksOwned() throws Exception {
        old.file("taskowned/log");
        Files.createDirectories(last.resolve("taskowned"));
        answer(run(OLD, "") + "," + run(LAST, ""), "");
        firstCheckpoint();
        assertEquals(List.of("taskowned/log"), old.content());
        assertFalse(Files.exists(last.resolve("")), "Flink makes this directory for every job");
        assertEquals(List.of(OLD, LAST), swept());
    }

    /** A claimed run's files are in use for as long as no compaction replaced them. */
    @Test
    void leavesWhatTheCurrentRunUsesAndComesBackToIt() throws Exception {
        answer(run(OLD, ""), "");
        firstCheckpoint(old.file("shared/claimed"));
        assertEquals(List.of("shared/claimed"), old.content());
        assertEquals(List.of(), swept());
    }

    /** The agent names a kept run again for as long as another is to be swept. */
    @Test
    void leavesWhatAKeptStateUsesOfAClaimedRunHoweverOftenItIsAsked() throws Exception {
        kept = last.checkpoint(40, last.file("shared/used"), old.file("shared/claimed"));
        answer(run(OLD, ""), run(LAST, kept.getExternalPointer()));
        firstCheckpoint();
        List<String> swept = last.content();
        firstCheckpoint();
        assertEquals(List.of("shared/claimed"), old.content());
        assertEquals(List.of("chk-40/_metadata", "shared/used"), swept);
        assertEquals(swept, last.content());
        assertEquals(List.of(LAST, LAST), swept());
    }

    @Test
    void aKeptStateThatIsGoneKeepsNothing() throws Exception {
        answer("", run(LAST, "file:" + last.resolve("chk-39")));
        firstCheckpoint();
        assertFalse(Files.exists(last.resolve("")));
        assertEquals(List.of(LAST), swept());
    }

    @Test
    void deletesNothingWhenAKeptStateCannotBeRead() throws Exception {
        Files.writeString(last.resolve("chk-40/_metadata"), "damaged");
        for (String path : List.of(kept.getExternalPointer(), "nosuch:/" + LAST + "/chk-40")) {
            answer(run(OLD, ""), run(LAST, path));
            nothingIsDeleted();
        }
    }

    @Test
    void deletesNothingForAnAgentThatNamesTheCurrentRun() throws Exception {
        answer(run(OLD, "") + "," + run(TestJm.JOB, ""), "");
        nothingIsDeleted();
    }

    @Test
    void deletesNothingForAnAgentThatRefuses() throws Exception {
        jm.agent.on(OtherEnd.EARLIER_RUNS, call -> FakeAgent.refused());
        nothingIsDeleted();
    }

    @Test
    void deletesNothingBehindAClosedGate() throws Exception {
        jm.agent.on(
                OtherEnd.EARLIER_RUNS,
                call -> {
                    jm.closeGate();
                    return FakeAgent.ok("{\"collect\":[" + run(OLD, "") + "],\"keep\":[]}");
                });
        nothingIsDeleted();
    }

    private void nothingIsDeleted() throws Exception {
        List<String> before = new ArrayList<>(old.content());
        before.addAll(last.content());
        firstCheckpoint();
        List<String> after = new ArrayList<>(old.content());
        after.addAll(last.content());
        assertEquals(before, after);
        assertEquals(List.of(), blobs);
        assertEquals(List.of(), swept());
    }

    @Test
    void asksOnce() throws Exception {
        answer("", "");
        CleanUp cleanUp =
                new CleanUp(
                        List.of(
                                new EarlierRuns(
                                        jm.client,
                                        jm.run(),
                                        jm.gate::isOpen,
                                        blobs::add,
                                        Runnable::run)));
        cleanUp.acknowledged(own.checkpoint(193), List.of(193L));
        cleanUp.acknowledged(own.checkpoint(194), List.of(194L));
        assertEquals(1, jm.agent.calls(OtherEnd.EARLIER_RUNS).size());
        assertEquals(List.of(), swept());
    }
}
