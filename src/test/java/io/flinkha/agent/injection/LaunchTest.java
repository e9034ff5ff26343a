package io.flinkha.agent.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines as people write them. */
class LaunchTest {
    private static final String LAUNCHED =
            "-Dhigh-availability.type=io.flinkha.flink.AgentHaServicesFactory -Djobmanager.rpc.address=$(FLINK_HA_POD_IP) -Drest.address=$(FLINK_HA_POD_IP)";

    /** What is behind {@code =>} is the whole line, with OURS for the options that are put in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "standalone-job.sh start-foreground -j a.B --x => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B -j LAUNCHER --x",
                "standalone-job.sh start-foreground -j=a.B => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B -j=LAUNCHER",
                "standalone-job.sh start-foreground -ja.B => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B -jLAUNCHER",
                "standalone-job.sh start-foreground -job-classname a.B => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B -job-classname LAUNCHER",
                "standalone-job.sh start-foreground -n --jars a.jar b.jar -j 'a.B' -s 1 => REFUSED -s 1",
                "standalone-job.sh start-foreground --parallel -j 4 -s 1 => standalone-job.sh start-foreground OURS --job-classname LAUNCHER --parallel -j 4 -s 1",
                "standalone-job.sh start-foreground -Da=b -- -j 4 => standalone-job.sh start-foreground OURS --job-classname LAUNCHER -Da=b -- -j 4",
                "standalone-job.sh start-foreground --job-classname a.B; rc=$? => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B --job-classname LAUNCHER; rc=$?",
                "standalone-job.sh start-foreground -j a.B & until curl -s localhost:8081 => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B -j LAUNCHER & until curl -s localhost:8081",
                "gosu flink bash -c 'standalone-job.sh start-foreground -j a.B' => gosu flink bash -c 'standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B -j LAUNCHER'",
                "exec \"$FLINK_HOME/bin/standalone-job.sh\" start-foreground -j a.B => exec \"$FLINK_HOME/bin/standalone-job.sh\" start-foreground OURS -Dflink-ha.job.class=a.B -j LAUNCHER",
                "exec /docker-entrypoint.sh standalone-job -j \\\n a.B \\\n --x => exec /docker-entrypoint.sh standalone-job OURS -Dflink-ha.job.class=a.B -j \\\n LAUNCHER \\\n --x",
                "echo running standalone-job now; exec /docker-entrypoint.sh standalone-job -j a.B => REFUSED more than once",
                "standalone-job.sh start-foreground $(OPTIONS) -j a.B => standalone-job.sh start-foreground OURS -Dflink-ha.job.class=a.B $(OPTIONS) -j LAUNCHER",
                "standalone-job.sh start-foreground $OPTIONS => REFUSED write --job-classname out",
                "standalone-job.sh start-foreground -j $CLASS => REFUSED one plain word",
                "standalone-job.sh start-foreground -Dkubernetes.cluster-id=other -j a.B => REFUSED the agent's cluster-id is 'count-job'",
                "standalone-job.sh start-foreground -Dhigh-availability.type=kubernetes -j a.B => REFUSED leave it out",
                "standalone-job.sh start-foreground -Drest.address=x -j a.B => standalone-job.sh start-foreground -Dhigh-availability.type=io.flinkha.flink.AgentHaServicesFactory -Djobmanager.rpc.address=$(FLINK_HA_POD_IP) -Dflink-ha.job.class=a.B -Drest.address=x -j LAUNCHER",
            })
    void aLineForAShellIsReadAsTheShellDoes(String given) throws Exception {
        String[] both = given.split(" => ", 2);
        ObjectNode job = InjectionTest.job("script");
        ObjectNode container = InjectionTest.container(InjectionTest.podOf(job), "jobmanager");
        container.remove("args");
        container.putArray("command").add("bash").add("-c").add(both[0]);
        if (both[1].startsWith("REFUSED ")) {
            String refusal = InjectionTest.refusal(() -> InjectionTest.INJECTION.into(job));
            assertTrue(refusal.contains(both[1].substring("REFUSED ".length())), refusal);
            return;
        }
        JsonNode command =
                InjectionTest.container(
                                InjectionTest.podOf(InjectionTest.inject(job)), "jobmanager")
                        .path("command");
        assertEquals(
                both[1].replace("OURS", LAUNCHED)
                        .replace("LAUNCHER", "io.flinkha.flink.JobLauncher"),
                command.get(command.size() - 1).asText());
    }

    /** A command takes the place of the image's entry point: whoever gives none has that one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                     | standalone-job         | /docker-entrypoint.sh
                    /entry.sh --as  flink  | standalone-job         | /entry.sh --as flink
                    standalone-job.sh start-foreground | ''         | standalone-job.sh start-foreground
                    """)
    void aContainerWithoutACommandNamesItsImagesEntryPoint(
            String annotation, String word, String entrypoint) {
        ObjectNode job = InjectionTest.job("script");
        if (!annotation.isEmpty()) {
            ((ObjectNode) job.path("metadata").path("annotations"))
                    .put("flinkha.io/entrypoint", annotation);
        }
        ObjectNode container = InjectionTest.container(InjectionTest.podOf(job), "jobmanager");
        container.remove("command");
        ArrayNode args = container.putArray("args");
        Stream.of(word, "-j", "a.B").filter(one -> !one.isEmpty()).forEach(args::add);
        ObjectNode once = InjectionTest.inject(job);
        String words =
                InjectionTest.words(
                        InjectionTest.container(InjectionTest.podOf(once), "jobmanager"));
        String before = word.isEmpty() ? entrypoint : entrypoint + " " + word;
        assertEquals(
                " /opt/flink-ha/services/flink-ha-run -- %s %s -Dflink-ha.job.class=a.B -j io.flinkha.flink.JobLauncher"
                        .formatted(before, LAUNCHED),
                words);
        assertEquals(once, InjectionTest.inject(once));
    }

    @Test
    void whatALinePassesOnIsReadToo() {
        ObjectNode job = InjectionTest.job("shell");
        ObjectNode container = InjectionTest.container(InjectionTest.podOf(job), "jobmanager");
        container
                .putArray("command")
                .add("bash")
                .add("-c")
                .add("exec standalone-job.sh start-foreground -Da=b \"$@\" --more")
                .add("jm");
        container.putArray("args").add("-j").add("a.B").add("--rate").add("4");
        String words =
                InjectionTest.words(
                        InjectionTest.container(
                                InjectionTest.podOf(InjectionTest.inject(job)), "jobmanager"));
        assertTrue(
                words.endsWith(
                        " -Dflink-ha.job.class=a.B -Da=b \"$@\" --more jm -j io.flinkha.flink.JobLauncher --rate 4"),
                words);
        container.putArray("args").add("-s").add("s3://b/sp");
        assertTrue(
                InjectionTest.refusal(() -> InjectionTest.INJECTION.into(job))
                        .contains("flinkha.io/restore.path"));
    }
}
