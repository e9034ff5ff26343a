package io.flinkha.agent.architecture;

import io.flinkha.agent.simulation.Report;
import io.flinkha.agent.simulation.Report.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * The house in figures: rooms and their sizes, arrows between them, words that should be gone, what
 * stands twice in the laboratory. The tests beside it hold the same rules; this one counts. It
 * reads compiled classes too: of a whole build.
 */
final class House {
    private static final String FLINK = "io.flinkha.flink";
    private static final String CORE = "io.flinkha.agent.core";
    private static final int SAME_LINES = 6;

    private House() {}

    public static void main(String[] args) throws IOException {
        List<Row> rows = new ArrayList<>();
        rows.add(rooms("rooms of the agent", "src/main"));
        rows.add(rooms("rooms of Flink's side", "flink-ha-services"));
        rows.add(rooms("rooms of the laboratory", "lab"));
        rows.add(arrows());
        rows.add(callsUp());
        rows.add(paths());
        WordsTest.left()
                .forEach((instead, places) ->
                        rows.add(counted("other words for: " + instead, "placesCount", places)));
        rows.add(twins());
        rows.forEach(row -> System.out.println(row.line()));
        Report.write(Path.of("target/reports/house.json"), rows);
        System.exit(rows.stream().allMatch(Row::held) ? 0 : 1);
    }

    private static Row rooms(String name, String root) {
        Map<String, Long> types =
                TidyTest.typesByPackage(root).entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        room -> TidyTest.countTypes(room.getValue())));
        long most = types.values().stream().mapToLong(Long::longValue).max().orElse(0);
        Map<String, Long> over = new HashMap<>(types);
        over.entrySet().removeIf(room -> room.getValue() <= TidyTest.maxTypes(room.getKey()));
        return new Row(name, over.isEmpty())
                .with("packagesCount", types.size())
                .with("typesCount", types.values().stream().mapToLong(Long::longValue).sum())
                .with("mostInAPackageCount", most);
    }

    /** Of the newest line of Flink; FloorsTest holds every line. */
    private static Row arrows() throws IOException {
        List<String> floors =
                Files.readAllLines(Path.of("flink-ha-services/floors.txt")).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();
        Set<String> between = new TreeSet<>();
        List<String> up = new ArrayList<>();
        for (Arrow arrow : uses(FLINK, "entry", "flink-2.3")) {
            String from = room(arrow.from());
            String to = room(arrow.to());
            if (!from.equals(to)) {
                between.add(from + " -> " + to);
            }
            if (floors.indexOf(to) > floors.indexOf(from)) {
                up.add(arrow.from() + " -> " + arrow.to());
            }
        }
        return counted("arrows between the rooms of Flink's side", "upCount", up)
                .with("arrowsCount", between.size());
    }

    /** What runs the steps is called by none of them. */
    private static Row callsUp() {
        List<String> up =
                uses(CORE, "").stream()
                        .filter(arrow -> arrow.from().endsWith("Steps"))
                        .filter(arrow -> arrow.to().equals(CORE + ".AgentMachine"))
                        .map(Arrow::from)
                        .toList();
        return counted("steps of the core that call up", "upCount", up);
    }

    private static Row paths() {
        List<String> places =
                TidyTest.sources("flink-ha-services").stream()
                        .filter(file -> !file.toString().contains("/test/"))
                        .filter(file -> !file.endsWith("flink/agent/Agent.java"))
                        .filter(file -> ProjectFiles.read(file).contains("\"/v1/"))
                        .map(Path::toString)
                        .toList();
        return counted(
                "files of Flink's side that name a path, but for Agent", "filesCount", places);
    }

    /** Pairs of files of the laboratory with a run of equal lines. */
    private static Row twins() {
        Map<String, Set<String>> owners = new HashMap<>();
        for (Path file : TidyTest.sources("lab")) {
            List<String> lines = ProjectFiles.read(file).lines().filter(House::counts).toList();
            for (int i = 0; i + SAME_LINES <= lines.size(); i++) {
                String run =
                        lines.subList(i, i + SAME_LINES).stream()
                                .map(String::strip)
                                .collect(Collectors.joining("\n"));
                owners.computeIfAbsent(run, same -> new TreeSet<>()).add(file.toString());
            }
        }
        Set<String> pairs =
                owners.values().stream()
                        .filter(files -> files.size() > 1)
                        .map(files -> String.join(" ~ ", files))
                        .collect(Collectors.toCollection(TreeSet::new));
        return counted(
                "files of the laboratory with six equal lines",
                "pairsCount",
                new ArrayList<>(pairs));
    }

    private static boolean counts(String line) {
        String text = line.strip();
        return text.chars().anyMatch(Character::isLetterOrDigit)
                && !text.matches("(//|/?\\*|import |package ).*");
    }

    private static Row counted(String name, String figure, List<String> found) {
        Row row = new Row(name, found.isEmpty()).with(figure, found.size());
        return found.isEmpty() ? row : row.with("places", String.join("; ", found));
    }

    private record Arrow(String from, String to) {}

    /** Who uses whom among the compiled classes of a part of the project, nested ones as one. */
    private static Set<Arrow> uses(String root, String... modules) {
        List<String> command = new ArrayList<>(List.of("-verbose:class", "-filter:none"));
        for (String module : modules) {
            Path built = Path.of(module.isEmpty() ? "" : "flink-ha-services", module);
            command.add(built.resolve("target/classes").toString());
        }
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int code =
                ToolProvider.findFirst("jdeps")
                        .orElseThrow()
                        .run(
                                new PrintWriter(out),
                                new PrintWriter(errors),
                                command.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("Is all built? jdeps: " + out + errors);
        }
        Pattern line =
                Pattern.compile(
                        "\\s+(%1$s[\\w.]*)?[\\w.$]*\\s+(->\\s+(%1$s[\\w.]*))?.*"
                                .formatted(Pattern.quote(root)));
        Set<Arrow> arrows = new LinkedHashSet<>();
        String from = "";
        for (String text : out.toString().lines().toList()) {
            Matcher matched = line.matcher(text);
            if (!matched.matches()) {
                continue;
            }
            from = matched.group(1) == null ? from : matched.group(1);
            if (matched.group(3) != null) {
                arrows.add(new Arrow(from, matched.group(3)));
            }
        }
        if (arrows.isEmpty()) {
            throw new IllegalStateException("No arrow in " + command + ": is all built?");
        }
        return arrows;
    }

    private static String room(String type) {
        return type.substring(0, type.lastIndexOf('.'));
    }
}
