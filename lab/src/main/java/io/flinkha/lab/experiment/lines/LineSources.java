package io.flinkha.lab.experiment.lines;

import io.flinkha.lab.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How much of the HA services jar a line of Flink has to itself. */
final class LineSources {
    /** Neither blank, nor comment, nor import. */
    private static final Pattern CODE = Pattern.compile("\\s*(?!//|/?\\*|import |package )\\S.*");

    private LineSources() {}

    private record Part(String name, List<String> directories) {}

    private static final List<Part> PARTS =
            List.of(
                    new Part("code of all lines", List.of("src/common/java", "entry/src/main")),
                    new Part(
                            "code of two lines",
                            List.of("src/up-to-2.2/java", "src/from-2.0/java")),
                    new Part("code of 1.20 only", List.of("flink-1.20/src/main")),
                    new Part("code of 2.0 to 2.2 only", List.of("flink-2.0/src/main")),
                    new Part("code of 2.3 only", List.of("flink-2.3/src/main")));

    static void addTo(Report report, Path root) {
        Path services = root.resolve("flink-ha-services");
        for (Part part : PARTS) {
            long lines =
                    part.directories().stream()
                            .mapToLong(directory -> code(services.resolve(directory)))
                            .sum();
            report.row(part.name()).figure("codeLines", lines).claim("it was found", lines > 0);
        }
    }

    private static long code(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .mapToLong(LineSources::codeOf)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long codeOf(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> CODE.matcher(line).matches()).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
