package io.flinkha.agent.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One test per document. A line at the margin happens, the lines indented below it follow; {@code
 * #} begins prose. {@code -Drewrite=true} writes down what really follows: read the diff.
 */
class ScenarioTest {
    private static final Path DOCUMENTS = Path.of("src/test/resources/scenarios");
    private static final String INDENT = "    ";

    @TestFactory
    List<DynamicTest> documents() throws IOException {
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> plays(file)))
                    .toList();
        }
    }

    private static void plays(Path file) throws IOException {
        String document = Files.readString(file);
        String played = play(document.lines().toList());
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(file, played);
        } else {
            assertEquals(document, played, () -> file + ": rewrite with -Drewrite=true");
        }
    }

    private static String play(List<String> document) {
        Stage stage = new Stage();
        List<String> played = new ArrayList<>();
        for (String line : document) {
            if (line.startsWith(INDENT)) {
                continue;
            }
            played.add(line);
            if (!line.isBlank() && !line.startsWith("#")) {
                stage.play(line).forEach(outcome -> played.add(INDENT + outcome));
            }
        }
        return String.join("\n", played) + "\n";
    }
}
