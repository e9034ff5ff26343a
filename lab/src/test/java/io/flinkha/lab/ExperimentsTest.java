package io.flinkha.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkha.lab.base.Project;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatIsNotThereIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> named("demos"));
        assertThrows(IllegalArgumentException.class, () -> named("demo", "--storage", "ftp"));
        assertThrows(IllegalArgumentException.class, () -> named("demo", "--storage"));
    }
}
