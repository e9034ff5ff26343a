package io.flinkha.agent.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What people wrote here, without what a build or a tool made of it. */
final class ProjectFiles {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".vscode");

    private static final Pattern TEXT =
            Pattern.compile(".*\\.(java|md|txt|schedule|ya?ml|xml|properties|sh)|[^.]+");

    private ProjectFiles() {}

    /** Sources, documents, scenarios, manifests and scripts. */
    static List<Path> texts() {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    Path.of(""),
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return NOT_OURS.contains(name(folder))
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            if (TEXT.matcher(name(file)).matches()) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (found.size() <= 300) {
            throw new IllegalStateException("too few files: " + found);
        }
        return found.stream().sorted().toList();
    }

    static List<Path> endingIn(String suffix) {
        return texts().stream().filter(file -> name(file).endsWith(suffix)).toList();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static String name(Path file) {
        return file.getFileName().toString();
    }
}
