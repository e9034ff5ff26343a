package io.flinkha.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.jobmanager.FileSupervisor;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's side of the run directory; {@code flink-ha-run} itself has its own tests. */
class SupervisorContractTest {
    @TempDir Path runDir;
    private FileSupervisor supervisor;

    @BeforeEach
    void open() {
        supervisor = new FileSupervisor(runDir);
    }

    @Test
    void endsAreReadAsTheyWereWritten() throws Exception {
        assertEquals(List.of(), supervisor.ends(), "no record yet");
        Files.writeString(
                runDir.resolve("ends"), "1 137 24 1790000000\n2 -1 5 1790000009\nnonsense\n3 0\n");
        assertEquals(
                List.of(
                        new ProcessEnd(1, 137, 24, 1_790_000_000L),
                        new ProcessEnd(2, -1, 5, 1_790_000_009L)),
                supervisor.ends(),
                "a line that somebody spoiled is left out");
        Files.write(runDir.resolve("ends"), new byte[] {(byte) 0xff, '\n'});
        assertEquals(List.of(), supervisor.ends());
    }

    @Test
    void orderIsOneLineOfTheFifo() throws Exception {
        Path orders = fifo();
        Process reader =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "exec 3<>\"$0\"; echo open; head -n 1 <&3",
                                "" + orders)
                        .start();
        try (BufferedReader read =
                new BufferedReader(
                        new InputStreamReader(
                                reader.getInputStream(), StandardCharsets.US_ASCII))) {
            assertEquals("open", read.readLine());
            assertTrue(supervisor.kill(7).isEmpty());
            assertEquals("kill 7", read.readLine());
        } finally {
            reader.destroyForcibly();
        }
    }

    /** Its supervisor was killed: nobody has the other end open. */
    @Test
    void orderThatNobodyReadsHoldsUpNobody() throws Exception {
        fifo();
        assertTrue(supervisor.kill(7).isEmpty());
    }

    @Test
    void whatIsNoFifoIsNotWritten() throws Exception {
        assertTrue(supervisor.kill(7).orElse("").contains("flink-ha-run"));
        Path orders = Files.writeString(runDir.resolve("orders"), "a person's");
        assertTrue(supervisor.kill(7).orElse("").contains("no FIFO"));
        assertEquals("a person's", Files.readString(orders));
    }

    @Test
    void standingIsThereOrNot() throws Exception {
        supervisor.tell(new Standing(true, true, ExitCode.FAILED));
        assertTrue(Files.exists(runDir.resolve("hold")));
        assertTrue(Files.exists(runDir.resolve("yield")));
        assertEquals("163\n", Files.readString(runDir.resolve("final")));
        supervisor.tell(new Standing(false, false, null));
        supervisor.tell(new Standing(false, false, null));
        try (var left = Files.list(runDir)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private Path fifo() throws Exception {
        Path orders = runDir.resolve("orders");
        assertEquals(0, new ProcessBuilder("mkfifo", "" + orders).start().waitFor());
        return orders;
    }
}
