package io.flinkha.agent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sizes and names, over the sources of the agent and of the HA services jar. */
class TidyTest {
    private static final int MAX_FILE_LINES = 400;
    private static final int MAX_METHOD_LINES = 70;
    private static final int MAX_TYPES = 20;
    private static final int MAX_TYPES_IN_CORE = 40;

    /** One machine, whose steps share its draft: in rooms of their own they would all call up. */
    private static final String CORE = "io/flinkha/agent/core";

    /** JobManager is Flink's term; a class that manages something else has a better name. */
    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*Utils?|.*Helper|Abstract.*|(?!.*JobManager$).*Manager");

    /** With google-java-format a method starts and ends at the indentation of its class's body. */
    private static final Pattern METHOD_START =
            Pattern.compile("( {4}| {8})(?! )(?!(?:.*\\b(?:class|interface|record|enum) )).*");

    /** A type that is shipped: its package and its name. */
    private static final Pattern PLACE =
            Pattern.compile(".*(?<!/test)/java/(io/.+)/([^/]+)\\.java");

    static List<Path> sources(String... roots) {
        List<Path> found = new ArrayList<>();
        for (String root : roots) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("no sources below " + List.of(roots));
        }
        return found;
    }

    private static List<Path> all() {
        return sources("src/main", "src/test", "flink-ha-services", "lab");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void filesAreShort() {
        List<String> wrong =
                all().stream()
                        .filter(file -> lines(file).size() > MAX_FILE_LINES)
                        .map(file -> file + ": " + lines(file).size() + " lines")
                        .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void methodsAreShort() {
        List<String> wrong = new ArrayList<>();
        for (Path file : all()) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                int end = endOfMethod(lines, i);
                if (end - i >= MAX_METHOD_LINES) {
                    wrong.add("%s:%d: %d lines".formatted(file, i + 1, end - i + 1));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** The line that closes what starts at {@code start}; {@code start} if nothing does. */
    private static int endOfMethod(List<String> lines, int start) {
        String first = lines.get(start);
        boolean opens = METHOD_START.matcher(first).matches() && first.contains("(");
        if (!opens || first.endsWith(";")) {
            return start;
        }
        String indent = first.substring(0, first.length() - first.stripLeading().length());
        for (int i = start + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean outside = !line.isBlank() && !line.startsWith(indent);
            boolean next = line.startsWith(indent) && line.length() > indent.length();
            char at = next ? line.charAt(indent.length()) : ' ';
            if (outside || (at != ' ' && at != '}' && at != ')')) {
                return start;
            }
            if (at == '}') {
                return i;
            }
        }
        return start;
    }

    @Test
    void namesSaySomething() {
        List<String> wrong =
                all().stream()
                        .map(file -> file.getFileName().toString().replace(".java", ""))
                        .filter(name -> EMPTY_NAME.matcher(name).matches())
                        .toList();
        assertEquals(List.of(), wrong);
    }

    /** The packages of the HA services jar lie in several source sets. */
    static Map<String, Set<String>> typesByPackage(String... roots) {
        Map<String, Set<String>> types = new TreeMap<>();
        for (Path file : sources(roots)) {
            Matcher place = PLACE.matcher(file.toString());
            if (place.matches()) {
                types.computeIfAbsent(place.group(1), room -> new TreeSet<>()).add(place.group(2));
            }
        }
        return types;
    }

    @Test
    void packagesAreSmall() {
        List<String> wrong = new ArrayList<>();
        typesByPackage("src/main", "flink-ha-services", "lab")
                .forEach((room, names) -> {
                    long types = countTypes(names);
                    if (types > maxTypes(room)) {
                        wrong.add(room + ": " + types + " types");
                    }
                });
        assertEquals(List.of(), wrong);
    }

    @Test
    void packagesSayWhatTheyAre() {
        List<String> wrong = new ArrayList<>();
        typesByPackage("src/main", "flink-ha-services", "lab")
                .forEach((room, names) -> {
                    if (names.stream().noneMatch(TidyTest::isPackageInfo)) {
                        wrong.add(room);
                    }
                });
        assertEquals(List.of(), wrong);
    }

    static int maxTypes(String room) {
        return room.equals(CORE) ? MAX_TYPES_IN_CORE : MAX_TYPES;
    }

    static long countTypes(Set<String> names) {
        return names.stream().filter(name -> !isPackageInfo(name)).count();
    }

    private static boolean isPackageInfo(String name) {
        return name.equals("package-info");
    }

    @Test
    void testsAreNeverSkippedAndNeverSleep() {
        Pattern forbidden =
                Pattern.compile(
                        "@Disabled|assumeTrue|assumeFalse|Thread\\.sleep|org\\.mockito"
                                + "|@Ignore\\b");
        List<String> wrong =
                sources("src/test").stream()
                        .filter(file -> !file.endsWith("TidyTest.java"))
                        .filter(file ->
                                lines(file).stream()
                                        .anyMatch(line -> forbidden.matcher(line).find()))
                        .map(Path::toString)
                        .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void ruleForNamesIsWhatItSays() {
        for (String name :
                List.of("StringUtils", "Util", "GateHelper", "AbstractGate", "Manager")) {
            assertEquals(true, EMPTY_NAME.matcher(name).matches(), name);
        }
        for (String name : List.of("SimJobManager", "JobManagerSteps", "Gate", "Utilities")) {
            assertEquals(false, EMPTY_NAME.matcher(name).matches(), name);
        }
    }
}
