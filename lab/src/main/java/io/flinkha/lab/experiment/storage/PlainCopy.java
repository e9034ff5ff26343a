package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.local.ObjectStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;

/**
 * How fast the same bytes go without the agent, there and back.
 *
 * @param means what copied them
 */
record PlainCopy(String means, long upNanos, long downNanos) {

    /** One {@code dd}, forced to disk at its end; back from the page cache. */
    static PlainCopy inDirectory(Path file, Path directory) {
        String copy = directory.resolve("copy").toString();
        // Else the disk is still busy with the file itself.
        run(List.of("sync", file.toString()));
        long start = System.nanoTime();
        run(List.of("dd", "if=" + file, "of=" + copy, "bs=4M", "conv=fsync", "status=none"));
        long up = System.nanoTime();
        run(List.of("dd", "if=" + copy, "of=/dev/null", "bs=64k", "status=none"));
        return new PlainCopy("dd, fsync", up - start, System.nanoTime() - up);
    }

    /**
     * The AWS SDK, one object of 4 MiB after the other, as the agent does; it takes its own times.
     */
    static PlainCopy inBucket(Project project, ObjectStorage storage, Path file) {
        String printed =
                run(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-cp",
                                project.objectStoreClassPath(),
                                "io.flinkha.store.Copy",
                                storage.endpoint(),
                                ObjectStorage.BUCKET,
                                ObjectStorage.KEY,
                                ObjectStorage.SECRET,
                                file.toString()));
        StringTokenizer nanos = new StringTokenizer(printed);
        return new PlainCopy(
                "AWS SDK", Long.parseLong(nanos.nextToken()), Long.parseLong(nanos.nextToken()));
    }

    private static String run(List<String> command) {
        return Program.run(Path.of("/"), command.toArray(String[]::new)).strip();
    }
}
