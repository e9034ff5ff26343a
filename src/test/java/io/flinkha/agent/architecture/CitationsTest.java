package io.flinkha.agent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever reads "R8" or "ADR 6" somewhere finds it, and finds there only what exists. */
class CitationsTest {
    private static final Path RULES = Path.of("docs/internals/rules.md");
    private static final Path DECISIONS = Path.of("docs/adr");
    private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

    private static final Pattern CITATION = Pattern.compile("\\bR[0-9]{1,2}[a-z]?\\b");
    private static final Pattern DECISION =
            Pattern.compile("\\bADR ([0-9]+)\\b|\\badr/([0-9]{4})\\b");
    private static final Pattern ENTRY = Pattern.compile("(?ms)^## (R[0-9]+): .*?(?=^## |\\z)");
    private static final Pattern MUTANT =
            Pattern.compile("(?:core|lapse|new Mutant)\\(\\s*\"([^\"]+)\"");

    private static Stream<MatchResult> all(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    /** The text of each rule, by its number. */
    private static Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        all(ENTRY, ProjectFiles.read(RULES))
                .forEach(entry -> rules.put(entry.group(1), entry.group()));
        assertFalse(rules.isEmpty(), "no rules in " + RULES);
        return rules;
    }

    /** What stands behind a mark of a rule, up to the next one. */
    private static String line(String rule, String mark) {
        return all(
                        Pattern.compile(
                                "(?s)\\* \\*\\*"
                                        + mark
                                        + "\\*\\*: (.*?)(?=\\n\\* \\*\\*|\\n\\n|$)"),
                        rule)
                .map(found -> found.group(1))
                .findFirst()
                .orElse("");
    }

    private static List<String> names(String text) {
        return all(Pattern.compile("`([^`]+)`"), text).map(name -> name.group(1)).toList();
    }

    @Test
    void everyCitationHasARule() {
        Map<String, String> rules = rules();
        List<String> wrong = new ArrayList<>();
        for (Path file : ProjectFiles.texts()) {
            all(CITATION, ProjectFiles.read(file))
                    .filter(cited -> !rules.containsKey(cited.group()))
                    .forEach(cited ->
                            wrong.add(
                                    "%s cites %s, which %s does not have"
                                            .formatted(file, cited.group(), RULES)));
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyRuleIsCited() {
        TreeSet<String> silent = new TreeSet<>(rules().keySet());
        for (Path file : ProjectFiles.texts()) {
            if (!file.equals(RULES)) {
                all(CITATION, ProjectFiles.read(file))
                        .forEach(cited -> silent.remove(cited.group()));
            }
        }
        assertEquals(new TreeSet<>(), silent, "nothing cites these rules");
    }

    @Test
    void everyRuleNamesWhatIsThere() {
        List<Path> java = ProjectFiles.endingIn(".java");
        List<String> mutants = mutants();
        List<String> wrong = new ArrayList<>();
        rules().forEach((number, rule) -> {
            for (String mark : List.of("Why", "Kept in", "Tests", "Scenarios", "Mutants")) {
                String line = line(rule, mark);
                boolean said = mark.equals("Why") ? !line.isEmpty() : !names(line).isEmpty();
                boolean mayBeNone = mark.equals("Scenarios") || mark.equals("Mutants");
                if (!said && !(mayBeNone && line.startsWith("none"))) {
                    wrong.add("%s says nothing of: %s".formatted(number, mark));
                }
            }
            names(line(rule, "Kept in")).stream()
                    .filter(name -> !isClass(java, name))
                    .forEach(name -> wrong.add(number + ": there is no class " + name));
            names(line(rule, "Tests")).stream()
                    .filter(name -> !isTest(java, name))
                    .forEach(name -> wrong.add(number + ": there is no test " + name));
            names(line(rule, "Scenarios")).stream()
                    .filter(name -> !Files.exists(SCENARIOS.resolve(name)))
                    .forEach(name -> wrong.add(number + ": there is no scenario " + name));
            names(line(rule, "Mutants")).stream()
                    .filter(name -> !mutants.contains(name))
                    .forEach(name -> wrong.add(number + ": there is no mutant " + name));
        });
        assertEquals(List.of(), wrong);
    }

    private static boolean isClass(List<Path> java, String name) {
        return java.stream()
                .filter(file -> !file.toString().contains("/test/"))
                .anyMatch(file -> ProjectFiles.name(file).equals(name + ".java"));
    }

    private static boolean isTest(List<Path> java, String name) {
        int dot = name.indexOf('.');
        return dot > 0
                && java.stream()
                        .filter(file -> file.toString().contains("/test/"))
                        .filter(file ->
                                ProjectFiles.name(file).equals(name.substring(0, dot) + ".java"))
                        .anyMatch(file ->
                                ProjectFiles.read(file)
                                        .contains("void " + name.substring(dot + 1) + "("));
    }

    /** A rule that can be switched off is written down, under the number that its mutant cites. */
    @Test
    void everyMutantHasItsRule() {
        Map<String, String> rules = rules();
        String document = ProjectFiles.read(RULES);
        List<String> wrong = new ArrayList<>();
        for (String mutant : mutants()) {
            String name = "`" + mutant + "`";
            if (!document.contains(name)) {
                wrong.add(RULES + " does not name the mutant " + mutant);
            }
            all(CITATION, mutant)
                    .filter(cited -> !rules.getOrDefault(cited.group(), "").contains(name))
                    .forEach(cited ->
                            wrong.add(
                                    "%s does not name the mutant %s"
                                            .formatted(cited.group(), mutant)));
        }
        assertEquals(List.of(), wrong);
    }

    private static List<String> mutants() {
        List<String> names =
                ProjectFiles.endingIn(".java").stream()
                        .filter(file -> ProjectFiles.name(file).endsWith("Mutants.java"))
                        .flatMap(file -> all(MUTANT, ProjectFiles.read(file)))
                        .map(found -> found.group(1))
                        .toList();
        assertFalse(names.isEmpty(), "no mutants");
        return names;
    }

    @Test
    void everyDecisionThatIsCitedIsThere() {
        Set<String> decisions =
                ProjectFiles.endingIn(".md").stream()
                        .filter(file -> DECISIONS.equals(file.getParent()))
                        .map(file -> ProjectFiles.name(file).substring(0, 4))
                        .collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        for (Path file : ProjectFiles.texts()) {
            all(DECISION, ProjectFiles.read(file))
                    .map(cited -> cited.group(1) == null ? cited.group(2) : cited.group(1))
                    .map(number -> "%04d".formatted(Integer.parseInt(number)))
                    .filter(number -> !decisions.contains(number))
                    .forEach(number ->
                            wrong.add(
                                    "%s cites decision %s, which is not in %s"
                                            .formatted(file, number, DECISIONS)));
        }
        assertEquals(List.of(), wrong);
    }
}
