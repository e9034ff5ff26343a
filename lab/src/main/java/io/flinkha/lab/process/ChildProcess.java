package io.flinkha.lab.process;

import java.nio.file.Path;

/** One start of a child: a process with its log. */
public record ChildProcess(int number, Process process, long startedAt, Path log) {
    public long pid() {
        return process.pid();
    }
}
