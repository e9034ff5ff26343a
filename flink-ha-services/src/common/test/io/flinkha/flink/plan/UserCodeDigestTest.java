package io.flinkha.flink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCodeDigestTest {
    @TempDir Path directory;

    @Test
    void theDigestFollowsTheUserCode() throws Exception {
        Path usrlib = Files.createDirectories(directory.resolve("usrlib"));
        Files.writeString(usrlib.resolve("job.jar"), "one");
        Configuration configuration = new Configuration();
        String first = UserCodeDigest.of(configuration, "Job", usrlib);
        assertEquals(first, UserCodeDigest.of(configuration, "Job", usrlib));
        assertNotEquals(first, UserCodeDigest.of(configuration, "Other", usrlib));

        Files.writeString(usrlib.resolve("job.jar"), "two");
        String second = UserCodeDigest.of(configuration, "Job", usrlib);
        assertNotEquals(first, second);

        Path jar = Files.writeString(directory.resolve("other.jar"), "a");
        configuration.set(PipelineOptions.JARS, List.of(jar.toUri().toString()));
        String third = UserCodeDigest.of(configuration, "Job", usrlib);
        assertNotEquals(second, third);
        Files.writeString(jar, "b");
        assertNotEquals(third, UserCodeDigest.of(configuration, "Job", usrlib));
    }
}
