package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest extends CommandBench {
    @Test
    void helpNamesEachCommandAndItsSettings() {
        Ran help = run("--help");
        assertDone(help);
        for (String command : List.of("purge", "gc", "restore-from-storage")) {
            assertTrue(help.out().contains(command), help.out());
            assertTrue(run(command, "--help").out().contains("FLINK_HA_STORAGE_URI"), command);
        }
        for (String command : List.of("purge", "restore-from-storage", "restore")) {
            assertTrue(run(command, "--help").out().contains("--yes"), command);
        }
        for (String command :
                List.of("status", "history", "pause", "resume", "step-down", "park", "restore")) {
            assertTrue(help.out().contains(command), help.out());
            assertTrue(run(command, "--help").out().contains("FLINK_HA_CLUSTER_ID"), command);
        }
    }

    @Test
    void aWrongCallIsNoFailureOfTheAct() {
        for (String[] wrong :
                new String[][] {
                    {"prune"},
                    {"--yes"},
                    {"gc", "--yes"},
                    {"gc", "--cluster-id"},
                    {"status", "-o", "xml"},
                    {"restore"},
                    {"pause", "now"}
                }) {
            assertEquals(2, run(wrong).code(), String.join(" ", wrong));
        }
        Ran ran = run(Map.of("FLINK_HA_STORAGE_URI", "s3:bucket"), "gc");
        assertEquals(2, ran.code());
        assertTrue(ran.err().contains("FLINK_HA_CLUSTER_ID"), ran.err());
        assertTrue(ran.err().contains("give file:///"), ran.err());
    }

    @Test
    void optionsWinOverTheEnvironment() {
        assertRefused(run("gc", "--cluster-id", "invoices"), "invoices-flink-ha");
        assertRefused(run("gc", "--namespace", "test"), "of namespace test");
    }

    /** A mistyped mount would look like a cluster-id for which nothing was ever stored. */
    @Test
    void aStorageThatIsNotThereIsSaid() {
        assertRefused(run("purge", "--yes", "--storage-uri", "file:///not/there"), "/not/there");
    }

    @Test
    void rulesThatAKubernetesDoesNotKnowAreLeftOut(@TempDir Path directory) throws IOException {
        Path job =
                Files.writeString(
                        directory.resolve("job.yaml"),
                        """
                        apiVersion: batch/v1
                        kind: Job
                        metadata: { name: orders, namespace: test, labels: { flinkha.io/inject: "true" } }
                        spec:
                          template:
                            spec:
                              containers:
                                - { name: jm, image: flink, args: [standalone-job, --job-classname, a.B] }
                        """);
        assertTrue(injected(job, "--restart-rules", "true").out().contains("restartPolicyRules"));
        for (String[] said :
                new String[][] {{}, {"--restart-rules", "auto"}, {"--restart-rules", "false"}}) {
            Ran without = injected(job, said);
            assertEquals(0, without.code(), without.err());
            assertFalse(without.out().contains("restartPolicyRules"), without.out());
        }
        Ran wrong = injected(job, "--restart-rules", "no");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().contains("--restart-rules is 'no': give auto or true or false."));
    }

    private Ran injected(Path job, String... options) {
        return run(
                Stream.concat(
                                Stream.of(
                                        "inject",
                                        "-f",
                                        job.toString(),
                                        "--storage-uri",
                                        "s3://bucket/ha"),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void anApiServerThatDoesNotAnswerIsSaid() {
        server.shutdown();
        assertRefused(run("gc"), "Reading the manifest failed", "call again");
    }
}
