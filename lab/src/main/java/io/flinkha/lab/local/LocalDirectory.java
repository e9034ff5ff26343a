package io.flinkha.lab.local;

import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** One cluster's directory: everything that its processes read and write lies below it. */
public record LocalDirectory(Path root) {

    /** An empty directory; what an earlier run left there is deleted. */
    public static LocalDirectory fresh(Path root, List<Path> jobJars) {
        try {
            Directories.delete(root);
            LocalDirectory fresh = new LocalDirectory(root);
            for (Path directory :
                    List.of(
                            fresh.libraries(),
                            fresh.userLibraries(),
                            fresh.temporary(),
                            fresh.data())) {
                Files.createDirectories(directory);
            }
            for (Path jar : jobJars) {
                Files.copy(
                        jar,
                        fresh.userLibraries().resolve(jar.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flink looks for the job in {@code usrlib} beside the directory that FLINK_LIB_DIR names. */
    public Path libraries() {
        return root.resolve("lib");
    }

    public Path userLibraries() {
        return root.resolve("usrlib");
    }

    public Path temporary() {
        return root.resolve("tmp");
    }

    /**
     * Where RocksDB works. It names a log file after this place, and what it opens to restore at
     * another parallelism has the longest of these names: below the root it got too long.
     */
    Path keyedState() {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "fha-" + Integer.toHexString(root.hashCode()));
    }

    public Path logs() {
        return root.resolve("log");
    }

    /** Where the job writes. */
    public Path data() {
        return root.resolve("data");
    }

    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    public Path savepoints() {
        return root.resolve("savepoints");
    }

    /** Flink's own high availability directory: blobs, and, with stock HA, handles. */
    public Path highAvailability() {
        return root.resolve("ha");
    }

    /** The agent's storage. */
    public Path storage() {
        return root.resolve("storage");
    }

    public Path runDirectory(String pod) {
        return root.resolve("run-" + pod);
    }

    public Path configuration(String process) {
        return root.resolve("conf-" + process);
    }

    /** A kubeconfig for a server without TLS. */
    public Path kubeconfig(String name, int port) {
        Map<String, Object> config =
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "current-context",
                        "demo",
                        "clusters",
                        List.of(
                                Map.of(
                                        "name",
                                        "demo",
                                        "cluster",
                                        Map.of("server", "http://127.0.0.1:" + port))),
                        "users",
                        List.of(Map.of("name", "demo", "user", Map.of("token", "x"))),
                        "contexts",
                        List.of(
                                Map.of(
                                        "name",
                                        "demo",
                                        "context",
                                        Map.of(
                                                "cluster", "demo",
                                                "user", "demo",
                                                "namespace", "default"))));
        // JSON is YAML.
        return Directories.write(root.resolve("kubeconfig-" + name), Json.write(config));
    }

    /** Writes a process's Flink configuration and its logging. Answers the directory. */
    public Path writeConfiguration(String process, Map<String, String> settings) {
        StringBuilder yaml = new StringBuilder();
        settings.forEach((key, value) ->
                yaml.append(key).append(": '").append(value.replace("'", "''")).append("'\n"));
        Path directory = configuration(process);
        Directories.write(directory.resolve("config.yaml"), yaml.toString());
        Directories.write(
                directory.resolve("log4j2.properties"),
                logging("${sys:log.file}${env:FLINK_HA_START:-}.log"));
        return directory;
    }

    /** Each SIGKILL leaves 24 MB of unpacked Pekko behind; the logs stay. */
    public void deleteTemporary() {
        Directories.delete(temporary());
        Directories.delete(keyedState());
    }

    /** Milliseconds since the epoch first: the phases of a failover are read from these times. */
    static String logging(String file) {
        return """
        rootLogger.level = INFO
        rootLogger.appenderRef.file.ref = File
        appender.file.name = File
        appender.file.type = File
        appender.file.fileName = %s
        appender.file.layout.type = PatternLayout
        appender.file.layout.pattern = %%d{UNIX_MILLIS} %%d{HH:mm:ss.SSS} %%-5p %%c{1} %%m%%n
        """
                .formatted(file);
    }
}
