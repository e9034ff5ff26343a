package io.flinkha.lab.process;

import io.flinkha.lab.base.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes of this machine, by their id. */
final class Processes {
    private Processes() {}

    static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Nothing if it has ended.
     *
     * @param pid above 1: to others, {@code kill} means groups, or every process of this machine
     */
    static void signal(long pid, String signal) {
        if (pid <= 1) {
            throw new IllegalStateException("No process is there that could get SIG" + signal);
        }
        Program.tried(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)));
    }
}
