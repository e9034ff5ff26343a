package io.flinkha.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** The file that counts how often a job's main() ran: the one thing that no log can prove. */
final class MainRuns {
    private MainRuns() {}

    /** Which run this is, beginning with 1. */
    static int record(Path directory, String... args) throws IOException {
        Files.createDirectories(directory);
        Path runs = directory.resolve("main-runs");
        Files.writeString(
                runs,
                Instant.now()
                        + " pid "
                        + ProcessHandle.current().pid()
                        + " "
                        + String.join(" ", args)
                        + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return Files.readAllLines(runs).size();
    }
}
