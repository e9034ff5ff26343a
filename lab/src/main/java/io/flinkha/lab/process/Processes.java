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

    /** Nothing if it has ended. */
    static void signal(long pid, String signal) {
        Program.tried(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)));
    }
}
