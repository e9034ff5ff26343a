package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.ProcessMemory;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What object stores cost the agent: on disk, and in memory as soon as the first is used. */
final class AgentSize {
    private AgentSize() {}

    static void row(Workbench bench, ObjectStorage store, Row row) {
        Path application = bench.project().agent().resolveSibling("");
        long all = bytes(application, "");
        long openDal = bytes(application, "org.apache.opendal.");
        ProcessMemory directory = memory(bench, "idle-directory", null);
        ProcessMemory s3 = memory(bench, "idle-s3", store);
        row.figure("applicationMB", megabytes(all))
                .figure("withoutOpenDalMB", megabytes(all - openDal))
                .figure("rssMiBOnDirectory", directory.all())
                .figure("rssMiBAfterS3", s3.all())
                .figure("anonMiBOnDirectory", directory.anonymous())
                .figure("anonMiBAfterS3", s3.anonymous())
                .claim("OpenDAL was found in the application", openDal > 0);
    }

    private static ProcessMemory memory(
            Workbench bench, String clusterId, @Nullable ObjectStorage store) {
        try (LeadingAgent agent = LeadingAgent.start(bench, clusterId, "", store)) {
            return agent.memory();
        }
    }

    private static long bytes(Path directory, String prefix) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }
}
