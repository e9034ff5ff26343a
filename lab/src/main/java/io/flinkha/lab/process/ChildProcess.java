package io.flinkha.lab.process;

import java.nio.file.Path;

/** One start of a child: a process with its log. */
public record ChildProcess(int number, long pid, long startedAt, Path log) {

    /** One that nobody has reaped yet runs no more. */
    public boolean isAlive() {
        return Processes.isAlive(pid);
    }
}
