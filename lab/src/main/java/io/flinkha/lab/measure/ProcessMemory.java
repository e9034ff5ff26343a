package io.flinkha.lab.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux says of a process's resident memory, in MiB.
 *
 * @param all with mapped files; {@code anonymous} is what it has written to
 * @param peak the most of {@code all}, since the start or {@link #forgetPeak}
 */
public record ProcessMemory(long all, long anonymous, long peak) {

    public static ProcessMemory of(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            return new ProcessMemory(
                    mib(status, "VmRSS:"), mib(status, "RssAnon:"), mib(status, "VmHWM:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void forgetPeak(long pid) {
        try {
            Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long mib(String status, String key) {
        return status.lines()
                        .filter(line -> line.startsWith(key))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("No " + key))
                / 1024;
    }
}
