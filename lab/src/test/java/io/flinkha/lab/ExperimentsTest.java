package io.flinkha.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.experiment.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentsTest {
    private static String named(String... words) {
        return Experiments.of(Project.find(Project.Agent.JVM), Arguments.of(words)).name();
    }

    @Test
    void eachThatIsListedIsThere() {
        Experiments.LIST
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .forEach(name -> assertEquals(name, named(name)));
    }

    @Test
    void theDemoOnAnObjectStoreHasAReportOfItsOwn() {
        assertEquals("demo-s3", named("demo", "--storage", "s3"));
    }

    /** As lab/images.sh chooses for the images that those on a cluster find. */
    @Test
    void onAClusterItIsTheNativeAgentWhereThereIsOne(@TempDir Path root) throws IOException {
        Project project = new Project(root, Project.Agent.JVM);
        Experiment onCluster = Experiments.of(project, Arguments.of(new String[] {"e2e"}));
        Experiment local = Experiments.of(project, Arguments.of(new String[] {"demo"}));
        assertEquals(Project.Agent.JVM, onCluster.agent(project));
        Path executable =
                Files.createDirectory(root.resolve("target"))
                        .resolve("flink-ha-agent-0.1.0-SNAPSHOT-runner");
        assertTrue(Files.createFile(executable).toFile().setExecutable(true));
        assertEquals(Project.Agent.NATIVE, onCluster.agent(project));
        assertEquals(Project.Agent.JVM, local.agent(project));
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> named("demos"));
        assertThrows(IllegalArgumentException.class, () -> named("demo", "--storage", "ftp"));
        assertThrows(IllegalArgumentException.class, () -> named("demo", "--storage"));
    }
}
