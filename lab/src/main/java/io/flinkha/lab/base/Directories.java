package io.flinkha.lab.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories and small files of this machine. */
public final class Directories {
    private Directories() {}

    public static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A directory without what was in it. */
    public static Path emptied(Path directory) {
        delete(directory);
        return create(directory);
    }

    public static void delete(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(root)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : all) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file, in a directory that need not be there yet. */
    public static Path write(Path file, String text) {
        var unused = create(file.toAbsolutePath().resolveSibling(""));
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty if there is no such file. It may end within a character: somebody writes it yet. */
    public static String text(Path file) {
        try {
            return Files.exists(file)
                    ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
