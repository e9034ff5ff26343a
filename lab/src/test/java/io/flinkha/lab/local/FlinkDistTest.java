package io.flinkha.lab.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.base.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lab/flink-dist}, with a pip that copies small packages. */
class FlinkDistTest {
    private static final Path PROJECT = Project.find(Project.Agent.JVM).root();

    private static final String PIP =
            """
            #!/usr/bin/env bash
            while [ $# -gt 1 ]; do [ "$1" != --dest ] || dest=$2; shift; done
            name=${1%==*}
            mkdir -p "$dest" && cp "${0%/*}"/../packages/"${name//-/_}-${1#*==}"[-.]* "$dest"
            """;

    @TempDir private Path root;

    private record Outcome(int exitCode, String printed) {}

    @BeforeEach
    void lay() throws IOException {
        for (String each : List.of("lab", "bin", "packages", "target/flink")) {
            Files.createDirectories(root.resolve(each));
        }
        Files.copy(PROJECT.resolve("lab/flink-dist"), root.resolve("lab/flink-dist"));
        Path pip = Files.writeString(root.resolve("bin/python3"), PIP);
        assertTrue(pip.toFile().setExecutable(true));
    }

    @Test
    void makesAHomeOfAWheel() throws Exception {
        wheel(
                "apache_flink_libraries-2.3.0-py2.py3-none-any.whl",
                "pyflink/lib/flink-dist-2.3.0.jar",
                "pyflink/opt/flink-python-2.3.0.jar",
                "pyflink/plugins/README.txt",
                "pyflink/bin/bash-java-utils.jar");
        scripts("2.3.0");
        isWhole("2.3", "2.3.0");
    }

    @Test
    void makesAHomeOfASourcePackage() throws Exception {
        Path sources = root.resolve("apache_flink_libraries-1.20.5");
        for (String file :
                List.of(
                        "deps/lib/flink-dist-1.20.5.jar",
                        "deps/opt/flink-python-1.20.5.jar",
                        "deps/plugins/README.txt",
                        "deps/bin/bash-java-utils.jar")) {
            Files.createDirectories(sources.resolve(file).getParent());
            Files.writeString(sources.resolve(file), file);
        }
        String archive = "packages/" + sources.getFileName() + ".tar.gz";
        assertEquals(0, run("tar", "-czf", archive, "apache_flink_libraries-1.20.5").exitCode());
        scripts("1.20.5");
        isWhole("1.20", "1.20.5");
    }

    @Test
    void aDownloadThatFailsLeavesNothing() throws Exception {
        scripts("2.3.0");
        assertEquals(1, make("2.3").exitCode());
        assertEquals(List.of(), below("target/flink"));
    }

    @Test
    void aHomeThatIsThereIsNotMadeAgain() throws Exception {
        Path home = Files.createDirectories(root.resolve("target/flink/2.2.1"));
        assertEquals(new Outcome(0, home.toRealPath() + "\n"), make("2.2"));
    }

    @Test
    void aLineThatIsNotThereIsRefused() throws Exception {
        Outcome outcome = make("1.19");
        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.printed().contains("give 1.20, 2.0, 2.1, 2.2 or 2.3"), outcome::printed);
    }

    /** Or the jar would be compiled against another patch than it is tried on. */
    @Test
    void itsVersionsAreThoseOfTheBuild() throws IOException {
        String script = Files.readString(PROJECT.resolve("lab/flink-dist"));
        List<String> versions =
                Pattern.compile("<flink-[\\d.]+\\.version>(.*)</")
                        .matcher(Files.readString(PROJECT.resolve("build-parent/pom.xml")))
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .toList();
        assertTrue(versions.size() > 1);
        versions.forEach(
                version -> assertTrue(script.contains("version=" + version + " ;;"), version));
    }

    private void isWhole(String line, String version) throws Exception {
        Path home = root.resolve("target/flink").resolve(version);
        Outcome outcome = make(line);
        assertEquals(
                new Outcome(0, "Fetching Flink " + version + "\n" + home.toRealPath() + "\n"),
                outcome);
        assertEquals(List.of(version), below("target/flink"));
        assertEquals(
                List.of("bin", "conf", "lib", "log", "opt", "plugins", "usrlib"),
                below("target/flink/" + version));
        assertEquals(
                List.of("flink-dist-" + version + ".jar"),
                below("target/flink/" + version + "/lib"));
        assertTrue(Files.isExecutable(home.resolve("bin/standalone-job.sh")));
        assertTrue(Files.exists(home.resolve("bin/bash-java-utils.jar")));
    }

    private void scripts(String version) throws IOException {
        wheel(
                "apache_flink-" + version + "-cp311-cp311-manylinux1_x86_64.whl",
                "pyflink/bin/standalone-job.sh",
                "pyflink/bin/flink",
                "pyflink/conf/config.yaml",
                "pyflink/java_gateway.py");
    }

    private void wheel(String name, String... files) throws IOException {
        Path wheel = root.resolve("packages").resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            for (String file : files) {
                zip.putNextEntry(new ZipEntry(file));
            }
        }
    }

    private List<String> below(String directory) throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(directory))) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Outcome make(String line) throws Exception {
        return run(root.resolve("lab/flink-dist").toString(), line);
    }

    private Outcome run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.redirectErrorStream(true).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), printed);
    }
}
