package io.flinkha.lab.local;

import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole Flink, of which each process gets a FLINK_HOME of its own and starts by Flink's own
 * scripts, as in the official image.
 *
 * @param session whether the JobManager is a session cluster's
 */
public record FlinkDistribution(Path home, boolean session) {
    private static final List<String> COPIED = List.of("bin", "conf");

    /** The newest patch of a line; fetched at its first use. */
    public static FlinkDistribution of(Project project, String line) {
        Program.Ran script =
                Program.tried(
                        new ProcessBuilder(
                                        project.root().resolve("lab/flink-dist").toString(), line)
                                .redirectError(ProcessBuilder.Redirect.INHERIT));
        if (script.code() != 0) {
            throw new IllegalStateException("No distribution of Flink " + line);
        }
        return new FlinkDistribution(Path.of(script.output().strip()), false);
    }

    public FlinkDistribution asSession() {
        return new FlinkDistribution(home, true);
    }

    /** How one process starts: its words, environment and working directory. */
    record Launch(List<String> command, Map<String, String> environment, Path home) {}

    Launch jobManager(
            LocalDirectory directory,
            String process,
            Map<String, String> settings,
            List<String> arguments,
            @Nullable Path haServices) {
        Path own = homeOf(directory, process);
        if (haServices != null) {
            link(own.resolve("lib/flink-ha-agent").resolve(haServices.getFileName()), haServices);
        }
        List<String> command =
                command(own, session ? "jobmanager.sh" : "standalone-job.sh", settings);
        if (!session) {
            command.addAll(arguments);
        }
        Map<String, String> environment = environment(directory, own);
        environment.put("FLINK_ENV_JAVA_OPTS_JM", String.join(" ", LocalApplication.jvmFlags()));
        return new Launch(command, environment, own);
    }

    Launch taskManager(LocalDirectory directory, String process, Map<String, String> settings) {
        Path own = homeOf(directory, process);
        return new Launch(
                command(own, "taskmanager.sh", settings), environment(directory, own), own);
    }

    /** The scripts name their log file themselves; each start shall have one of its own. */
    private static List<String> command(Path own, String script, Map<String, String> settings) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "FLINK_HA_LOG=@LOG@",
                                own.resolve("bin").resolve(script).toString(),
                                "start-foreground"));
        // Two words: jobmanager.sh takes a first one that begins otherwise for a host.
        settings.forEach((key, value) -> command.addAll(List.of("-D", key + "=" + value)));
        return command;
    }

    private static Map<String, String> environment(LocalDirectory directory, Path own) {
        Map<String, String> environment = new HashMap<>();
        environment.put("FLINK_LOG_DIR", directory.logs().toString());
        environment.put("FLINK_PID_DIR", own.toString());
        environment.put("JAVA_HOME", FlinkJava.home().toString());
        return environment;
    }

    private Path homeOf(LocalDirectory directory, String process) {
        Path own = directory.root().resolve("flink-" + process);
        try {
            Directories.delete(own);
            for (String name : COPIED) {
                Files.createDirectories(own.resolve(name));
                for (Path file : files(home.resolve(name))) {
                    Files.copy(file, own.resolve(name).resolve(file.getFileName()));
                }
            }
            for (Path jar : files(home.resolve("lib"))) {
                link(own.resolve("lib").resolve(jar.getFileName()), jar);
            }
            link(own.resolve("plugins"), home.resolve("plugins"));
            link(own.resolve("usrlib"), directory.userLibraries());
            Files.writeString(
                    own.resolve("conf/log4j-console.properties"),
                    LocalDirectory.logging("${env:FLINK_HA_LOG}${env:FLINK_HA_START:-}.log"));
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static void link(Path link, Path target) {
        try {
            Files.createDirectories(link.resolveSibling("x").getParent());
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
