package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.core.lease.StockWatch;
import io.flinkha.agent.core.restart.Refusal;
import org.junit.jupiter.api.Test;

/** The manifest is empty, and yet the job has run before. */
class EarlierLifeTest {
    @Test
    void lockIsJudgedByThisClockAlone() {
        StockWatch first = StockWatch.after(null, "a", 10);
        assertEquals(new StockWatch("a", 10, false), first);
        assertEquals(first, StockWatch.after(first, "a", 99), "unchanged since");
        assertEquals(new StockWatch("b", 99, true), StockWatch.after(first, "b", 99));
        assertNull(StockWatch.after(first, "", 99), "it was taken away");
    }

    private static Bench beside(StockHa stock) {
        Bench bench = new Bench();
        bench.api.leaveStock(stock);
        bench.tick();
        bench.settle();
        bench.jobManagerStarts("jm-1");
        return bench;
    }

    @Test
    void nobodyContendsWhileAStockLockIsRenewed() {
        Bench bench = beside(new StockHa("renewed at 1", true)).run(3_000);
        assertInstanceOf(Reply.Wait.class, bench.poll("jm-1", 0), "not known yet whether it lives");
        bench.api.leaveStock(new StockHa("renewed at 2", true));
        bench.run(3_000);
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 0));
        assertEquals(78, halt.code());
        assertEquals(new Refusal.StockHaLeads("renewed at 2"), halt.refusal());
        assertEquals(0, bench.run(10_000).epoch(), "it has not been seen dead yet");
    }

    @Test
    void stockLockThatStandsStillForALeaseDurationIsDead() {
        Bench bench = beside(new StockHa("renewed at 1", true));
        assertEquals(0, bench.run(14_000).epoch());
        assertEquals(1, bench.run(4_000).epoch());
    }

    private static Refusal refusal(Bench bench) {
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.run(1_000).poll("jm-1", 0));
        assertEquals(78, halt.code());
        return halt.refusal();
    }

    @Test
    void nobodyStartsEmptyAfterStockHa() {
        assertEquals(new Refusal.StockHaHasRun(), refusal(beside(new StockHa("", true))));
    }

    @Test
    void nobodyStartsEmptyBesideACopyOfTheManifest() {
        Bench bench = new Bench();
        bench.api.leaveMirror("7-42.json", 7);
        bench.tick();
        bench.settle();
        bench.jobManagerStarts("jm-1");
        assertEquals(new Refusal.CopyOfLostManifest("7-42.json"), refusal(bench));
        assertEquals(8, bench.epoch(), "above all that came before");
    }

    @Test
    void copyOfAnAbsurdEpochMovesNobodysNumber() {
        Bench bench = new Bench();
        bench.api.leaveMirror("0999999999-42.json", 999_999_999);
        bench.tick();
        bench.settle();
        bench.jobManagerStarts("jm-1");
        assertEquals(new Refusal.CopyOfLostManifest("0999999999-42.json"), refusal(bench));
        assertEquals(1, bench.epoch());
    }

    @Test
    void storageThatDoesNotAnswerIsAskedAgain() {
        Bench bench = new Bench();
        bench.tick();
        while (!bench.isPending(Action.LookForMirror.class)) {
            if (bench.pending.isEmpty()) {
                bench.pass(200).tick();
            }
            bench.answer(bench.pending.getFirst());
        }
        Action.LookForMirror look = bench.take(Action.LookForMirror.class);
        bench.step(new Event.StorageUnreachable(look.call(), "503"));
        bench.settle();
        bench.jobManagerStarts("jm-1");
        assertInstanceOf(Reply.Wait.class, bench.poll("jm-1", 0));
        assertInstanceOf(Reply.Open.class, bench.run(3_000).poll("jm-1", 0));
    }
}
