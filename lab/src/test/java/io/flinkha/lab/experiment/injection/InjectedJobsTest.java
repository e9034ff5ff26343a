package io.flinkha.lab.experiment.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkha.lab.base.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InjectedJobsTest {
    private static final Path JOBS =
            Project.find(Project.Agent.JVM).root().resolve("lab/injection");

    private static Job read(Path file) throws IOException {
        return Serialization.unmarshal(Files.readString(file), Job.class);
    }

    private static Map<String, String> annotations(Job job) {
        return new HashMap<>(
                Objects.requireNonNullElse(job.getMetadata().getAnnotations(), Map.of()));
    }

    @Test
    void onAJvmEachAsksForTheMemoryThatItsAgentTakesAndIsTheSameOtherwise() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(JOBS)) {
            files = all.toList();
        }
        assertEquals(5, files.size());
        for (Path file : files) {
            Job written = read(file);
            Job job = InjectedJobs.forJvm(written);
            Map<String, String> expected = annotations(written);
            expected.put("flinkha.io/agent-memory-request", "192Mi");
            // One has written more than that.
            expected.putIfAbsent("flinkha.io/agent-memory-limit", "384Mi");
            assertEquals(expected, annotations(job));
            job.getMetadata().setAnnotations(written.getMetadata().getAnnotations());
            assertEquals(written, job);
        }
    }
}
