package io.flinkha.agent.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps an image from being packed with the binary of another machine. */
class ImageArchitectureTest {
    private static final Path PROGRAM = Path.of("deploy/image/architecture");

    /** As they begin: 16 bytes by which files of that kind are known, the kind, the processor. */
    private static final String FOR_AMD64 = "7f454c46020101000000000000000000" + "02003e00";

    private static final String FOR_ARM64 = "7f454c46020101000000000000000000" + "0300b700";
    private static final String FOR_MACOS = "cffaedfe0c000001000000000600000010000000";

    @TempDir Path directory;

    private record Ran(int code, String sentence) {}

    @Test
    void whatTheProcessorRunsIsTaken() throws Exception {
        Path program = file("program", FOR_AMD64);
        assertEquals(new Ran(0, ""), run("amd64", program, file("library", FOR_AMD64)));
        assertEquals(new Ran(0, ""), run("arm64", file("program", FOR_ARM64)));
    }

    @Test
    void oneFileOfAnotherProcessorOrSystemIsRefusedByItsName() throws Exception {
        Path fits = file("fits", FOR_ARM64);
        assertRefused(
                "wrong is for another processor than arm64: build the agent on a Linux of arm64",
                run("arm64", fits, file("wrong", FOR_AMD64)));
        assertRefused(
                "lib.dylib is no program or library of Linux: build the agent on a Linux of arm64",
                run("arm64", fits, file("lib.dylib", FOR_MACOS)));
        assertRefused(
                "short is no program or library of Linux", run("amd64", file("short", "7f45")));
        assertRefused("missing is not there", run("amd64", directory.resolve("missing")));
    }

    @Test
    void aProcessorWithoutAnAgentIsNamed() throws Exception {
        assertRefused("'s390x' is none of amd64 and arm64", run("s390x", file("any", FOR_AMD64)));
    }

    @Test
    void bothRecipesOfTheAgentAskIt() throws Exception {
        for (String recipe : List.of("Containerfile.native", "Containerfile.jvm")) {
            String text = Files.readString(Path.of("deploy/image", recipe));
            assertTrue(text.contains("RUN architecture \"${TARGETARCH:-"), recipe);
            assertTrue(text.contains("COPY --from=checked "), recipe);
        }
    }

    private Path file(String name, String hex) throws IOException {
        return Files.write(directory.resolve(name), HexFormat.of().parseHex(hex));
    }

    private static void assertRefused(String sentence, Ran ran) {
        assertEquals(1, ran.code(), ran::sentence);
        assertTrue(ran.sentence().contains(sentence), ran::sentence);
        assertEquals(1, ran.sentence().lines().count(), ran::sentence);
    }

    private static Ran run(String wanted, Path... files) throws Exception {
        Process process =
                new ProcessBuilder(
                                Stream.concat(
                                                Stream.of("sh", PROGRAM.toString(), wanted),
                                                Stream.of(files).map(Path::toString))
                                        .toList())
                        .redirectErrorStream(true)
                        .start();
        String sentence = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ran(process.waitFor(), sentence);
    }
}
