package io.flinkha.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.Result;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseStoreContractTest {
    static List<Backend> backends() {
        return Backend.all();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anAbsentLeaseIsNoFailure(Backend backend) {
        assertEquals(new Result.Ok<>(Optional.empty()), backend.leases().read());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aCreatedLeaseHasNoHolderAndNoEpoch(Backend backend) {
        LeaseRecord created = ok(backend.leases().createEmpty());
        assertTrue(created.untouched());
        assertEquals(Optional.of(created), ok(backend.leases().read()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void creatingTwiceIsAConflict(Backend backend) {
        ok(backend.leases().createEmpty());
        assertEquals(Outcome.CONFLICT, failure(backend.leases().createEmpty()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsWrittenIsRead(Backend backend) {
        LeaseStore leases = backend.leases();
        LeaseRecord empty = ok(leases.createEmpty());
        LeaseRecord held = new LeaseRecord("jm/u1", "n1", 7, 6, 0, 60, empty.version());
        LeaseRecord written = ok(leases.write(held));
        assertEquals(held.withVersion(written.version()), written);
        assertNotEquals(empty.version(), written.version());
        assertEquals(Optional.of(written), ok(backend.leases().read()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aHoldIsThereOrNot(Backend backend) {
        LeaseStore leases = backend.leases();
        LeaseRecord empty = ok(leases.createEmpty());
        assertEquals(0, empty.holdSeconds());
        LeaseRecord held = new LeaseRecord("jm/u1", "n1", 7, 6, 0, 15, empty.version()).withHold(6);
        LeaseRecord written = ok(leases.write(held));
        assertEquals(6, ok(backend.leases().read()).orElseThrow().holdSeconds());
        ok(leases.write(written.withHold(0)));
        assertEquals(0, ok(backend.leases().read()).orElseThrow().holdSeconds());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aReleaseClearsTheHolderAndLeavesTheMarkAndTheNextHolderRemovesIt(Backend backend) {
        LeaseStore leases = backend.leases();
        LeaseRecord held = held(leases);
        ok(leases.write(new LeaseRecord("", "n1", 7, 7, 7, 60, held.version())));
        LeaseStore next = backend.leases();
        LeaseRecord released = ok(next.read()).orElseThrow();
        assertTrue(released.releasedInOrder());
        ok(next.write(new LeaseRecord("jm/u2", "n2", 8, 7, 0, 60, released.version())));
        assertEquals(0, ok(backend.leases().read()).orElseThrow().released());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aWriteOverAnOldVersionIsAConflict(Backend backend) {
        LeaseStore mine = backend.leases();
        LeaseStore rival = backend.leases();
        LeaseRecord empty = ok(mine.createEmpty());
        ok(rival.read());
        ok(mine.write(new LeaseRecord("jm/u1", "n1", 1, 0, 0, 60, empty.version())));
        LeaseRecord late = new LeaseRecord("jm/u2", "n2", 1, 0, 0, 60, empty.version());
        assertEquals(Outcome.CONFLICT, failure(rival.write(late)));
        assertEquals("jm/u1", ok(backend.leases().read()).orElseThrow().holder());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatPeopleWishForIsReadAndOutlivesTheHolders(Backend backend) {
        LeaseStore leases = backend.leases();
        LeaseRecord empty = ok(leases.createEmpty());
        Wishes wishes = new Wishes("since noon", 7, "s3://bucket/savepoint-1", 6);
        backend.wish(wishes);
        LeaseRecord mine = new LeaseRecord("jm/u1", "n1", 1, 0, 0, 60, empty.version());
        assertEquals(Outcome.CONFLICT, failure(leases.write(mine)));
        LeaseRecord wished = ok(leases.read()).orElseThrow();
        assertEquals(wishes, wished.wishes());
        assertEquals(wishes, ok(leases.write(mine.withVersion(wished.version()))).wishes());
        backend.wish(Wishes.NONE);
        assertEquals(Wishes.NONE, ok(leases.read()).orElseThrow().wishes());
    }

    /** A read that answers late is not what the record was decided on. */
    @ParameterizedTest
    @MethodSource("backends")
    void whatPeopleWishForOutlivesAWriteOfWhatWasNotReadLast(Backend backend) {
        LeaseStore leases = backend.leases();
        LeaseRecord empty = ok(leases.createEmpty());
        backend.wish(new Wishes("since noon", 0, "", 0));
        String version = ok(backend.leases().read()).orElseThrow().version();
        assertNotEquals(empty.version(), version);
        var unused = leases.write(new LeaseRecord("jm/u1", "n1", 1, 0, 0, 60, version));
        assertTrue(ok(backend.leases().read()).orElseThrow().wishes().isPaused());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whoStandsByIsNamedAndNothingElseIsChanged(Backend backend) {
        LeaseStore leases = backend.leases();
        LeaseRecord held = held(leases);
        LeaseStore other = backend.leases();
        LeaseRecord named = ok(other.nameStandby(ok(other.read()).orElseThrow(), "jm-2/u2"));
        assertEquals(held.withStandby("jm-2/u2").withVersion(named.version()), named);
        assertEquals(Outcome.CONFLICT, failure(leases.write(held)));
        assertEquals(named, ok(leases.read()).orElseThrow());
        LeaseRecord released = ok(leases.write(named.released("it ended")));
        assertEquals("jm-2/u2", released.standby());
        assertEquals("it ended", ok(backend.leases().read()).orElseThrow().ended());
        LeaseRecord cleared = ok(leases.nameStandby(released, ""));
        assertEquals(released.withStandby("").withVersion(cleared.version()), cleared);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whoFollowsItIsToldOfAnotherHolder(Backend backend) throws InterruptedException {
        LeaseRecord held = held(backend.leases());
        isToldOf(backend, () -> ok(leases(backend).write(held.released(""))));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whoFollowsItIsToldOfWhatPeopleWant(Backend backend) throws InterruptedException {
        var unused = held(backend.leases());
        isToldOf(backend, () -> backend.wish(new Wishes("", 7, "", 0)));
    }

    private static LeaseStore leases(Backend backend) {
        LeaseStore leases = backend.leases();
        ok(leases.read());
        return leases;
    }

    private static LeaseRecord held(LeaseStore leases) {
        LeaseRecord empty = ok(leases.createEmpty());
        return ok(leases.write(new LeaseRecord("jm/u1", "n1", 7, 7, 0, 60, empty.version())));
    }

    private static void isToldOf(Backend backend, Runnable change) throws InterruptedException {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Thread follower =
                new Thread(() -> {
                    Result<Optional<LeaseRecord>> end =
                            backend.leases().follow(() -> told.add("changed"));
                    told.add("ended: " + end);
                });
        follower.setDaemon(true);
        follower.start();
        assertEquals("changed", told.take());
        change.run();
        assertEquals("changed", told.take());
        follower.interrupt();
        follower.join();
    }

    static <T> T ok(Result<T> result) {
        return result.fold(
                value -> value,
                (outcome, reason) -> {
                    throw new AssertionError(outcome + ": " + reason);
                });
    }

    static Outcome failure(Result<?> result) {
        if (result instanceof Result.Failed<?> failed) {
            return failed.outcome();
        }
        throw new AssertionError("succeeded: " + result);
    }
}
