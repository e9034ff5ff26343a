package io.flinkha.lab.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkDistributionTest {
    @TempDir private Path root;
    private Path jar = Path.of("");
    private LocalDirectory lab = new LocalDirectory(Path.of(""));
    private FlinkDistribution distribution = new FlinkDistribution(Path.of(""), false);

    @BeforeEach
    void lay() throws IOException {
        Path home = root.resolve("flink/1.20.5");
        for (String file :
                List.of(
                        "bin/standalone-job.sh",
                        "bin/taskmanager.sh",
                        "conf/config.yaml",
                        "conf/log4j-console.properties",
                        "lib/flink-dist-1.20.5.jar",
                        "plugins/README.txt")) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.writeString(home.resolve(file), file);
        }
        jar = Files.writeString(root.resolve("job.jar"), "job");
        lab = LocalDirectory.fresh(root.resolve("lab"), List.of(jar));
        distribution = new FlinkDistribution(home, false);
    }

    private FlinkDistribution.Launch jobManager() {
        return jobManager(distribution);
    }

    private FlinkDistribution.Launch jobManager(FlinkDistribution its) {
        return its.jobManager(
                lab,
                "jobmanager-a",
                Map.of("heartbeat.timeout", "180 s"),
                List.of("--job-classname", "a.Job", "--fromSavepoint", "s", "--dir", "data"),
                jar);
    }

    /** Flink takes all from the first word on that it does not know for the job's. */
    @Test
    void theSettingsComeBeforeTheJobsArguments() {
        FlinkDistribution.Launch start = jobManager();
        List<String> command = start.command();
        assertEquals(
                List.of(
                        "env",
                        "FLINK_HA_LOG=@LOG@",
                        start.home() + "/bin/standalone-job.sh",
                        "start-foreground",
                        "-D",
                        "heartbeat.timeout=180 s",
                        "--job-classname",
                        "a.Job",
                        "--fromSavepoint",
                        "s",
                        "--dir",
                        "data"),
                command);
    }

    @Test
    void aSessionClusterIsToldNoJob() {
        FlinkDistribution.Launch start = jobManager(distribution.asSession());
        assertEquals(
                List.of(
                        start.home() + "/bin/jobmanager.sh",
                        "start-foreground",
                        "-D",
                        "heartbeat.timeout=180 s"),
                start.command().subList(2, start.command().size()));
    }

    @Test
    void theJobManagerHasTheJarAndTheJob() throws IOException {
        Path home = jobManager().home();
        assertEquals("job", Files.readString(home.resolve("lib/flink-ha-agent/job.jar")));
        assertEquals("job", Files.readString(home.resolve("usrlib/job.jar")));
        assertTrue(Files.exists(home.resolve("lib/flink-dist-1.20.5.jar")));
        assertTrue(Files.exists(home.resolve("plugins/README.txt")));
        assertEquals("conf/config.yaml", Files.readString(home.resolve("conf/config.yaml")));
        String logging = Files.readString(home.resolve("conf/log4j-console.properties"));
        assertTrue(logging.contains("fileName = ${env:FLINK_HA_LOG}"), logging);
    }

    /** A link would lead the scripts to the home that all share: they follow it. */
    @Test
    void theScriptsAreCopies() {
        Path script = jobManager().home().resolve("bin/standalone-job.sh");
        assertTrue(Files.isRegularFile(script, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void theTaskManagerIsStock() {
        FlinkDistribution.Launch start =
                distribution.taskManager(lab, "taskmanager", Map.of("rest.port", "1"));
        assertEquals(
                List.of(
                        start.home() + "/bin/taskmanager.sh",
                        "start-foreground",
                        "-D",
                        "rest.port=1"),
                start.command().subList(2, start.command().size()));
        assertTrue(Files.exists(start.home().resolve("usrlib/job.jar")));
        assertFalse(Files.exists(start.home().resolve("lib/flink-ha-agent")));
    }

    @Test
    void theNextProcessOfTheNameGetsAFreshHome() throws IOException {
        Path left = Files.writeString(jobManager().home().resolve("lib/left.jar"), "left");
        assertTrue(left.startsWith(jobManager().home()));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(jar), "what a link leads to is not deleted with it");
        assertTrue(Files.exists(distribution.home().resolve("lib/flink-dist-1.20.5.jar")));
    }
}
