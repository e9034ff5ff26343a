package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * A digest of what this JVM sees as user code. A stored plan is resumed only by the code that made
 * it.
 *
 * <p>Program arguments are not in Flink's configuration and so not in here; a changed Job object
 * has another UID, which is part of the agent's revision.
 */
public final class UserCodeDigest {
    private UserCodeDigest() {}

    public static String of(Configuration configuration, String jobClass, @Nullable Path usrlib)
            throws IOException {
        TreeMap<String, Optional<Path>> jars = new TreeMap<>();
        if (usrlib != null) {
            // As Flink itself does: a mounted usrlib, or a jar in it, is often a link.
            try (Stream<Path> files = Files.walk(usrlib, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
                    jars.put("usrlib/" + usrlib.relativize(file), Optional.of(file));
                }
            }
        }
        for (String url : configuration.getOptional(PipelineOptions.JARS).orElse(List.of())) {
            jars.put(url, localFile(url));
        }
        MessageDigest digest = Sha256.digest();
        for (var jar : jars.entrySet()) {
            digest.update((jar.getKey() + "\n").getBytes(StandardCharsets.UTF_8));
            if (jar.getValue().isPresent()) {
                digest.update(contentDigest(jar.getValue().get()));
            }
        }
        digest.update(("class " + jobClass).getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest.digest());
    }

    private static byte[] contentDigest(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return digest.digest();
    }

    /** Nothing for a remote jar: its name alone counts. */
    private static Optional<Path> localFile(String url) {
        URI uri = URI.create(url);
        if (uri.getScheme() != null && !uri.getScheme().equals("file")) {
            return Optional.empty();
        }
        Path file = Paths.get(uri.getPath());
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }
}
