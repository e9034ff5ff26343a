package io.flinkha.flink.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The bearer token, read again when the agent no longer accepts it. */
final class Token {
    private final Path file;
    private volatile @Nullable String value;

    Token(Path runDir) {
        this.file = runDir.resolve("token");
    }

    String value() throws IOException {
        String known = value;
        return known == null ? read() : known;
    }

    /** Reads the file again and says whether that changed anything. */
    boolean changed() throws IOException {
        String before = value;
        return !read().equals(before);
    }

    private String read() throws IOException {
        String fresh = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).trim();
        value = fresh;
        return fresh;
    }
}
