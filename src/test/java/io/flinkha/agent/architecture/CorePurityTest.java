package io.flinkha.agent.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The core compiles alone: with the JDK and the nullness annotations, and nothing else. */
class CorePurityTest {
    private static final Path CORE = Path.of("src/main/java/io/flinkha/agent/core");

    @TempDir Path classes;

    @Test
    void theCoreCompilesAlone() throws IOException, URISyntaxException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        Path annotations =
                Path.of(
                        NullMarked.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        StringWriter complaints = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(CORE)) {
            List<File> java =
                    sources.filter(path -> path.toString().endsWith(".java"))
                            .map(Path::toFile)
                            .toList();
            boolean compiled =
                    compiler.getTask(
                                    complaints,
                                    files,
                                    null,
                                    List.of(
                                            "-proc:none",
                                            "--class-path",
                                            annotations.toString(),
                                            "-d",
                                            classes.toString()),
                                    null,
                                    files.getJavaFileObjectsFromFiles(java))
                            .call();
            assertTrue(compiled, complaints::toString);
            assertTrue(java.size() > 20, "too few sources: " + java);
        }
    }
}
