package io.flinkha.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.flinkha.agent.adapter.storage.CopySeal;
import io.flinkha.agent.contract.MockApi;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the executable as it ships: what a person or a script gets for its words. */
class CommandsIT {
    private static final KubernetesMockServer API = MockApi.start();

    @TempDir Path directory;

    @AfterAll
    static void stop() {
        API.destroy();
    }

    private static AgentProcess.Ran run(String... words) {
        return run(API.getPort(), words);
    }

    private static AgentProcess.Ran run(int port, String... words) {
        return AgentProcess.run(environment(port), words);
    }

    private static Map<String, String> environment(int port) {
        return Map.of(
                "KUBERNETES_MASTER",
                "http://localhost:" + port,
                "FLINK_HA_CLUSTER_ID",
                "orders",
                "FLINK_HA_NAMESPACE",
                "default");
    }

    @Test
    void helpNamesEachCommandAndItsOptions() {
        AgentProcess.Ran all = run("--help");
        assertEquals(0, all.code(), all.err());
        for (String command :
                new String[] {"status", "history", "pause", "resume", "step-down", "park"}) {
            assertTrue(all.out().contains("  " + command + " "), all.out());
        }
        AgentProcess.Ran one = run("status", "--help");
        assertEquals(0, one.code(), one.err());
        assertTrue(one.out().contains("-o, --output=FORMAT"), one.out());
        assertTrue(one.out().contains("--cluster-id"), one.out());
    }

    @Test
    void aWrongWordGetsASentenceAndTheNearestRightOne() {
        AgentProcess.Ran ran = run("stauts");
        assertEquals(2, ran.code());
        assertEquals("", ran.out());
        assertTrue(ran.err().contains("stauts"), ran.err());
        assertTrue(ran.err().contains("status"), ran.err());
    }

    @Test
    void statusOfNothingIsTextForPeopleAndJsonForPrograms() {
        AgentProcess.Ran text = run("status", "-o", "text");
        assertEquals(0, text.code(), text.err());
        assertTrue(text.out().contains("orders"), text.out());
        // Nobody's terminal is the output here.
        AgentProcess.Ran json = run("status");
        assertEquals(0, json.code(), json.err());
        assertEquals("orders", new JsonObject(json.out()).getString("clusterId"));
        assertEquals("", json.err());
    }

    @Test
    void statusOnATerminalIsText() {
        AgentProcess.Ran ran = AgentProcess.runOnTerminal(environment(API.getPort()), "status");
        assertEquals(0, ran.code(), ran.out() + ran.err());
        assertTrue(ran.out().contains("orders"), ran.out());
        assertFalse(ran.out().contains("{"), ran.out());
    }

    /** By a real bash: what it would offer after the first two letters. */
    @Test
    void aShellCompletesCommandsByTheScript() throws Exception {
        AgentProcess.Ran ran = run("generate-completion");
        assertEquals(0, ran.code(), ran.err());
        assertEquals("", ran.err());
        Path script = Files.writeString(directory.resolve("completion"), ran.out());
        Process bash =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                """
                                source "$1"
                                COMP_WORDS=(flink-ha-agent st) COMP_CWORD=1
                                _complete_flink-ha-agent
                                printf '%s\\n' "${COMPREPLY[@]}"
                                """,
                                "-",
                                script.toString())
                        .redirectErrorStream(true)
                        .start();
        String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), offered);
        assertEquals(List.of("status", "step-down"), offered.lines().sorted().toList());
        assertFalse(run("--help").out().contains("generate-completion"));
    }

    @Test
    void anApiServerThatIsNotThereIsOneSentence() {
        AgentProcess.Ran ran = run(AgentProcess.freePort(), "status", "-o", "text");
        assertEquals(1, ran.code());
        assertTrue(ran.err().contains("Connection refused"), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
    }

    @Test
    void aKubeconfigSaysWhereAndWho() throws IOException {
        Path kubeconfig = directory.resolve("config");
        Files.writeString(
                kubeconfig,
                """
                apiVersion: v1
                kind: Config
                current-context: mine
                clusters: [{ name: c, cluster: { server: "http://localhost:%d" } }]
                users: [{ name: u, user: { token: secret } }]
                contexts: [{ name: mine, context: { cluster: c, user: u, namespace: prod } }]
                """
                        .formatted(API.getPort()));
        Map<String, String> environment = new HashMap<>();
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("FLINK_HA_CLUSTER_ID", "orders");
        AgentProcess.Ran ran = AgentProcess.run(environment, "status", "-o", "json");
        assertEquals(0, ran.code(), ran.err());
        assertEquals("prod", new JsonObject(ran.out()).getString("namespace"));
    }

    @Test
    void aJobIsShownAsTheInjectorWouldChangeIt() throws IOException {
        Path job = directory.resolve("job.yaml");
        Files.writeString(
                job,
                """
                apiVersion: batch/v1
                kind: Job
                metadata: { name: orders, labels: { flinkha.io/inject: "true" } }
                spec:
                  template:
                    spec:
                      containers:
                        - { name: jm, image: flink, args: [standalone-job, --job-classname, a.B] }
                """);
        AgentProcess.Ran ran =
                run(
                        "inject",
                        "-f",
                        job.toString(),
                        "--agent-image",
                        "agent",
                        "--storage-uri",
                        "s3://bucket/ha");
        assertEquals(0, ran.code(), ran.err());
        assertTrue(ran.out().contains("name: flink-ha-agent"), ran.out());
        assertFalse(ran.out().contains("Exception"), ran.out());
    }

    /** No epoch was ever claimed there: the Lease need not be watched first. */
    @Test
    void copiesInTheStorageAreShownAndVerified() throws IOException {
        String key = "0f".repeat(32);
        API.createClient()
                .configMaps()
                .inNamespace("default")
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("lost-flink-ha")
                                .endMetadata()
                                .addToData("manifest.json", copy(0, 1))
                                .addToData("copy.key", key)
                                .build())
                .create();
        Path copies = Files.createDirectories(directory.resolve("default/lost/manifests"));
        String good = "0000000007-000000000042.json";
        CopySeal seal = new CopySeal("lost", () -> HexFormat.of().parseHex(key));
        Files.writeString(copies.resolve(good), seal.seal(good, copy(7, 42)));
        String other = "0000000007-000000000043.json";
        Files.writeString(copies.resolve(other), seal.seal(good, copy(7, 43)));
        String[] words = {
            "restore-from-storage",
            "-o",
            "text",
            "--cluster-id",
            "lost",
            "--storage-uri",
            directory.toUri().toString(),
            "--yes"
        };
        AgentProcess.Ran shown = run(Arrays.copyOf(words, words.length - 1));
        assertEquals(1, shown.code(), shown.out());
        assertTrue(shown.err().contains("--yes"), shown.err());
        assertTrue(
                shown.out().contains("  " + other + ": epoch 7, sequence 43, does not verify"),
                shown.out());
        assertTrue(
                shown.out().contains("* " + good + ": epoch 7, sequence 42, verified"),
                shown.out());
        AgentProcess.Ran written = run(words);
        assertEquals(0, written.code(), written.err());
        assertTrue(written.out().startsWith(shown.out()), written.out());
    }

    private static String copy(long epoch, long sequence) {
        return "{\"version\":1,\"epoch\":%d,\"sequence\":%d,\"reservedTo\":1}"
                .formatted(epoch, sequence);
    }

    @Test
    void aStorageOfObjectsThatIsNotThereIsOneSentence() {
        AgentProcess.Ran ran =
                AgentProcess.run(
                        Map.of(
                                "KUBERNETES_MASTER",
                                "http://localhost:" + API.getPort(),
                                "FLINK_HA_CLUSTER_ID",
                                "orders",
                                "AWS_ACCESS_KEY_ID",
                                "k",
                                "AWS_SECRET_ACCESS_KEY",
                                "s",
                                "AWS_REGION",
                                "us-east-1"),
                        "purge",
                        "-o",
                        "text",
                        "--storage-uri",
                        "s3://bucket/ha",
                        "--storage-endpoint",
                        "http://127.0.0.1:" + AgentProcess.freePort());
        assertEquals(1, ran.code());
        assertFalse(ran.err().contains("Exception"), ran.err());
        assertTrue(ran.err().contains("s3://bucket/ha"), ran.err());
    }
}
