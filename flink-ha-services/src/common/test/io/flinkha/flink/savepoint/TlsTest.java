package io.flinkha.flink.savepoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestFlink;
import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.KeyStores;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flink's own endpoint with {@code security.ssl.rest}, asked as the JobManager asks it. */
class TlsTest {
    @TempDir static Path keys;
    private static Path own;
    private static Path strangers;

    @TempDir Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        own = KeyStores.keyOfThisHost(keys, "own");
        strangers = KeyStores.keyOfThisHost(keys, "strangers");
    }

    private TestJm jm(Configuration configuration, String rest) throws Exception {
        TestJm jm = new TestJm(Files.createTempDirectory(directory, "run"), configuration);
        var unused = jm.grant(TestJm.fresh());
        jm.addresses.publish("restserver", LeaderInformation.known(UUID.randomUUID(), rest));
        return jm;
    }

    /** The job's end was not known to be one with a savepoint, and no next Job could start. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopWithSavepointIsSeen(boolean clientsShowTheirs) throws Exception {
        Configuration tls = KeyStores.tls(own, own, clientsShowTheirs);
        FinalSavepoint.askUncached(tls);
        try (TestFlink flink = TestFlink.start(tls, job -> job.enableCheckpointing(60_000));
                TestJm jm = jm(tls, flink.restAddress())) {
            assertTrue(flink.restAddress().startsWith("https:"), flink.restAddress());
            Run run = jm.run();
            assertFalse(jm.checkpoints.isStopping(run));
            String path = flink.stopWithSavepoint(directory.resolve("savepoints").toString());
            assertTrue(jm.checkpoints.isStopping(run));
            assertEquals(
                    path,
                    new FinalSavepoint(
                                    jm.checkpoints, jm.gate, Duration.ZERO, Duration.ofSeconds(15))
                            .of(run));
        }
    }

    @Test
    void whoDoesNotGetThroughSaysWhatIsMissing() throws Exception {
        try (TestFlink flink =
                TestFlink.start(KeyStores.tls(own, own, true), TestFlink.NO_CHECKPOINTS)) {
            for (Configuration client :
                    new Configuration[] {
                        KeyStores.tls(own, strangers, true),
                        KeyStores.tls(strangers, own, true),
                        KeyStores.tls(own, own, false),
                        KeyStores.tls(own, keys.resolve("none.p12"), true)
                    }) {
                try (TestJm jm = jm(client, flink.restAddress())) {
                    IOException refusal =
                            assertThrows(
                                    IOException.class, () -> jm.checkpoints.isStopping(jm.run()));
                    String said = String.valueOf(refusal.getMessage());
                    assertTrue(said.startsWith(flink.restAddress() + " cannot be asked"), said);
                    assertTrue(said.contains(SecurityOptions.SSL_REST_TRUSTSTORE.key()), said);
                }
            }
        }
    }

    /** As a pod's endpoint is, whose certificate has to say so where Flink verifies hosts. */
    @Test
    void anEndpointMayBeKnownByItsNumber() throws Exception {
        Configuration tls = KeyStores.tls(own, own, false);
        tls.setString("security.ssl.rest.verify-hostname", "true");
        try (TestFlink flink = TestFlink.start(tls, TestFlink.NO_CHECKPOINTS);
                TestJm jm = jm(tls, flink.restAddress().replace("localhost", "127.0.0.1"))) {
            assertFalse(jm.checkpoints.isStopping(jm.run()));
        }
    }
}
