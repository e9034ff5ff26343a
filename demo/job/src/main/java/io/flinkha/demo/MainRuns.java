package io.flinkha.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** The file that counts how often a job's main() ran: the one thing that no log can prove. */
final class MainRuns {
    private MainRuns() {}

    static void record(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("main-runs"),
                Instant.now() + " pid " + ProcessHandle.current().pid() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
