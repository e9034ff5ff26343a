package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All that the agent keeps for one cluster-id, for what a person does with it. */
public final class AgentDirectory {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Path plans;
    private final Path manifests;

    /**
     * Below the storage's own directory.
     *
     * @param directory {@code <storage>/<namespace>/<cluster-id>}
     */
    public AgentDirectory(Path directory) {
        this.plans = directory.resolve("plans");
        this.manifests = directory.resolve("manifests");
    }

    public Path manifests() {
        return manifests;
    }

    public ManifestMirror mirror() {
        return new DirectoryManifestMirror(manifests);
    }

    /** Plans and copies of the manifest, whole and half-written. */
    public List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>(files(plans));
        all.addAll(files(manifests));
        return all;
    }

    /**
     * What nobody names: copies of the manifest beyond the newest, and plans and half-written files
     * that are older than {@code since}. A younger one may be about to be named.
     */
    public List<Path> unnamed(Set<String> plansInUse, Instant since) throws IOException {
        List<Path> unnamed = new ArrayList<>();
        for (Path file : all()) {
            String name = file.getFileName().toString();
            boolean plan = file.startsWith(plans) && SHA256.matcher(name).matches();
            boolean candidate =
                    (plan && !plansInUse.contains(name)) || name.startsWith(WholeFile.PREFIX);
            if (candidate && Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                unnamed.add(file);
            }
        }
        mirror().list().stream()
                .skip(ManifestMirror.KEPT)
                .map(manifests::resolve)
                .forEach(unnamed::add);
        return unnamed;
    }

    /** One that is gone is no failure: the agent may have been there before. */
    public static void delete(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
