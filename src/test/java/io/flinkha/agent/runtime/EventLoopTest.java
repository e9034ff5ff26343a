package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.storage.BlobManifestMirror;
import io.flinkha.agent.adapter.storage.BlobPlanStore;
import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.contract.FakeApi;
import io.flinkha.agent.contract.FakeSupervisor;
import io.flinkha.agent.contract.FakeWitness;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.JobController;
import io.flinkha.agent.port.JobManagerLock;
import io.flinkha.agent.port.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLoopTest {
    private static final long PATIENCE_SECONDS = 20;

    private final FakeApi api = new FakeApi();
    private final AtomicReference<Lock> lock = new AtomicReference<>(new Lock.Free());
    private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
    private final CountDownLatch opening = new CountDownLatch(1);
    @TempDir Path storage;

    private static final JobController NO_JOB =
            new JobController() {
                @Override
                public Result<Optional<JobView>> read() {
                    return new Result.Ok<>(Optional.empty());
                }

                @Override
                public Result<JobView> send(Signal signal, JobView seen) {
                    throw new AssertionError("there is no Job to be told " + signal);
                }
            };

    private final JobManagerLock jobManagerLock = () -> Objects.requireNonNull(lock.get());

    private EventLoop loop(JobManagerLock probe, LoopListener... listeners) {
        Settings settings =
                new Settings(
                        Duration.ofSeconds(60), Duration.ofSeconds(45), Duration.ofSeconds(10), "");
        return new EventLoop(
                new AgentMachine(settings, new Incarnation("jm-0/u1", "n1")),
                new Ports(
                        api.leases(),
                        api.manifests(),
                        api.leaderAddresses(),
                        new BlobPlanStore(Storages.directory(storage)),
                        new BlobManifestMirror(Storages.directory(storage)),
                        new FakeWitness(),
                        probe,
                        NO_JOB,
                        name -> new Result.Ok<>(Optional.empty()),
                        new FakeSupervisor()),
                MonotonicClock.system(),
                List.of(listeners),
                (code, reason) -> exits.add(code));
    }

    private final LoopListener watcher =
            (event, transition) -> {
                if (transition.state().phase() == Phase.OPENING) {
                    opening.countDown();
                }
            };

    @AfterEach
    void everyPortIsLeftInPeace() {
        api.fail(null);
    }

    private static Reply ask(EventLoop loop, LongFunction<Event> request)
            throws InterruptedException {
        BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
        loop.ask(request, replies::add);
        Reply reply = replies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError("no reply");
        }
        return reply;
    }

    @Test
    void claimsOpensCommitsAndReleases() throws Exception {
        EventLoop loop = loop(jobManagerLock, watcher);
        loop.start();
        assertTrue(opening.await(PATIENCE_SECONDS, TimeUnit.SECONDS));

        lock.set(new Lock.Held("jm-1"));
        ask(loop, id -> new Event.Registered(id, new Registration("jm-1", "2.3.0", "abc")));
        Reply gate;
        do {
            gate = ask(loop, id -> new Event.GatePolled(id, "jm-1", 0));
        } while (gate instanceof Reply.Wait);
        long epoch = assertInstanceOf(Reply.Open.class, gate).epoch();
        assertEquals(
                new Reply.Reserved(65),
                ask(
                        loop,
                        id ->
                                new Event.ChangeOffered(
                                        id, "jm-1", epoch, new Change.ReserveIds(1, 64))));

        lock.set(new Lock.Free());
        loop.offer(new Event.StopRequested("test"));
        assertEquals(0, exits.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(loop.awaitEnd(Duration.ofSeconds(PATIENCE_SECONDS)));
        assertTrue(api.lease() != null && api.lease().releasedInOrder());
        assertInstanceOf(
                Reply.Unavailable.class, ask(loop, id -> new Event.GatePolled(id, "jm-1", epoch)));
    }

    @Test
    void aPortThatFailsWithoutANameEndsTheAgent() throws Exception {
        EventLoop loop =
                loop(() -> {
                    throw new IOException("the volume is gone");
                });
        loop.start();
        assertEquals(70, exits.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aFullMailboxEndsTheAgentRatherThanDecideOnOldNews() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        EventLoop loop =
                loop(
                        jobManagerLock,
                        (event, transition) -> {
                            try {
                                full.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        loop.start();
        for (int i = 0; i < 2_000; i++) {
            loop.offer(new Event.Tick());
        }
        full.countDown();
        assertEquals(70, exits.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
