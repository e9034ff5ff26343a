package io.flinkha.lab.local;

import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Java command lines with Flink's class path and the module openings of Flink's own start scripts.
 */
public final class FlinkJava {
    private static final List<String> OPEN =
            List.of(
                    "java.base/java.lang",
                    "java.base/java.net",
                    "java.base/java.io",
                    "java.base/java.nio",
                    "java.base/sun.nio.ch",
                    "java.base/java.lang.reflect",
                    "java.base/java.text",
                    "java.base/java.time",
                    "java.base/java.util",
                    "java.base/java.util.concurrent",
                    "java.base/java.util.concurrent.atomic",
                    "java.base/java.util.concurrent.locks");

    private FlinkJava() {}

    /** The Java that Flink runs on: FLINK_JAVA_HOME, or the laboratory's own. */
    static Path home() {
        String home = System.getenv("FLINK_JAVA_HOME");
        return Path.of(home == null ? System.getProperty("java.home") : home);
    }

    static List<String> command(List<String> options, String classPath, String mainClass) {
        List<String> command = new ArrayList<>(List.of(home().resolve("bin/java").toString()));
        command.addAll(options);
        command.add("--add-exports=java.base/sun.net.util=ALL-UNNAMED");
        OPEN.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", classPath, mainClass));
        return command;
    }

    static String classPath(Project project) {
        return project.flinkLibraries() + "/*";
    }

    /** What one of the small mains beside the job prints, line by line. */
    public static List<String> run(Project project, String mainClass, String argument) {
        List<String> command =
                command(
                        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                        classPath(project) + ":" + project.demoJob(),
                        mainClass);
        command.add(argument);
        return Program.run(project.root(), command.toArray(String[]::new)).lines().toList();
    }

    /** What Flink's start script would work out for a TaskManager with this configuration. */
    static TaskManagerSizes taskManagerSizes(Project project, Path configuration) {
        List<String> lines =
                run(project, "io.flinkha.demo.tool.TaskManagerMemory", configuration.toString());
        return new TaskManagerSizes(words(lines, "JVM "), words(lines, "FLINK "));
    }

    /** The TaskManager's JVM options, and its resolved sizes as {@code -D key=value} words. */
    record TaskManagerSizes(List<String> jvm, List<String> flink) {}

    private static List<String> words(List<String> lines, String prefix) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .flatMap(line -> Stream.of(line.substring(prefix.length()).trim().split(" +")))
                .toList();
    }
}
