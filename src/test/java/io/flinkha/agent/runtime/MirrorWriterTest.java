package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.contract.FakeMirror;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.port.ManifestMirror;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MirrorWriterTest {
    private final FakeMirror mirror = new FakeMirror();
    private final BlockingQueue<Boolean> results = new LinkedBlockingQueue<>();
    private long request = 10;

    private AgentLife life(Duration retry) {
        MirrorWriter writer =
                new MirrorWriter(
                        mirror,
                        (name, manifest) -> "sequence " + manifest.sequence(),
                        results::add,
                        retry);
        writer.start();
        AgentLife life = new AgentLife(writer);
        life.run(1_000);
        return life;
    }

    private void commit(AgentLife life) {
        long reservedTo = life.api().stored().reservedTo();
        Change change = new Change.ReserveIds(reservedTo, 64);
        life.step(new Event.ChangeOffered(request++, AgentLife.JM, 1, change));
    }

    private @Nullable Boolean result() throws InterruptedException {
        return results.poll(20, TimeUnit.SECONDS);
    }

    private static String current(AgentLife life) {
        return ManifestMirror.name(life.api().stored());
    }

    @Test
    void eachCommitOfARunIsCopied() throws InterruptedException {
        AgentLife life = life(Duration.ofHours(1));
        assertEquals(1, life.api().stored().epoch());
        life.start();
        assertEquals(true, result());
        // The claim before it named no run yet.
        assertEquals(List.of(current(life)), mirror.list());
        commit(life);
        assertEquals(true, result());
        assertEquals(
                Optional.of("sequence " + life.api().stored().sequence()),
                mirror.read(current(life)));
        for (int i = 0; i < 3; i++) {
            commit(life);
            assertEquals(true, result());
        }
        assertEquals(ManifestMirror.KEPT, mirror.list().size());
    }

    @Test
    void aFailureIsRepeatedAndTheLoopNeverHearsOfIt() throws InterruptedException {
        mirror.fail(true);
        AgentLife life = life(Duration.ofMillis(1));
        life.start();
        assertEquals(false, result());
        assertEquals(false, result());
        mirror.fail(false);
        while (Boolean.FALSE.equals(result())) {}
        assertEquals(List.of(current(life)), mirror.list());
    }

    @Test
    void aFailureIsForgottenWithTheNextCommit() throws InterruptedException {
        mirror.fail(true);
        AgentLife life = life(Duration.ofHours(1));
        life.start();
        assertEquals(false, result());
        mirror.fail(false);
        commit(life);
        assertEquals(true, result());
        assertEquals(List.of(current(life)), mirror.list());
    }

    @Test
    void whatWasCommittedWhileTheStorageHungIsSkippedButForTheNewest() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        mirror.hang(hanging);
        AgentLife life = life(Duration.ofHours(1));
        life.start();
        String first = current(life);
        mirror.awaitWriter();
        commit(life);
        commit(life);
        commit(life);
        hanging.countDown();
        assertEquals(true, result());
        assertEquals(true, result());
        assertEquals(List.of(current(life), first), mirror.list());
    }
}
