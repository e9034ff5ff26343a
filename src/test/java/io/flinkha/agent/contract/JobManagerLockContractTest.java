package io.flinkha.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.adapter.jobmanager.FileJobManagerLock;
import io.flinkha.agent.core.gate.Lock;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The holder must be another process: POSIX locks do not exclude their own. */
class JobManagerLockContractTest {
    @TempDir Path runDir;

    @Test
    void isHeldFromTheHoldersStartToItsDeath() throws Exception {
        FileJobManagerLock lock = new FileJobManagerLock(runDir);
        assertEquals(new Lock.Free(), lock.probe());
        Process holder = LockHolder.start(runDir.resolve("jm.lock"), "jm-1");
        try {
            assertEquals(new Lock.Held("jm-1"), lock.probe());
            assertEquals(new Lock.Held("jm-1"), lock.probe());
        } finally {
            holder.destroyForcibly();
        }
        holder.waitFor(10, TimeUnit.SECONDS);
        assertEquals(new Lock.Free(), lock.probe());
    }

    /** The number is what an order names; without one that can be read there is no order. */
    @Test
    void namesTheStartThatASupervisorCounted() throws Exception {
        assertEquals(new Lock.Held("jm-1", 7), heldBy("jm-1\n7\n"));
        assertEquals(new Lock.Held("jm-2", 0), heldBy("jm-2\nseven\n"));
    }

    private Lock heldBy(String content) throws Exception {
        Process holder = LockHolder.start(runDir.resolve("jm.lock"), content);
        try {
            return new FileJobManagerLock(runDir).probe();
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }
}
