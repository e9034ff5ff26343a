package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Objects as files of one directory. */
public final class DirectoryManifestMirror implements ManifestMirror {
    private static final Pattern NAME = Pattern.compile("\\d{10}-\\d{12}\\.json");

    private final Path directory;

    public DirectoryManifestMirror(Path directory) {
        this.directory = directory;
    }

    @Override
    public void put(String name, String json) throws IOException {
        if (Files.exists(directory.resolve(name))) {
            return;
        }
        try (WholeFile file = new WholeFile(directory)) {
            file.write(json.getBytes(UTF_8));
            file.commit(name);
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(NAME.asMatchPredicate())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public Optional<String> read(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(directory.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }
}
