package io.flinkha.agent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Markdown documents: their links, and the heads of the decisions. */
class DocumentsTest {
    private static final Path DECISIONS = Path.of("docs/adr");
    private static final Path INDEX = DECISIONS.resolve("README.md");

    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern FILE = Pattern.compile("([0-9]{4})-[a-z0-9-]+\\.md");
    private static final Pattern HEAD =
            Pattern.compile(
                    "# ([0-9]+)\\. (\\S.*)\\n\\nStatus: ((?:accepted|superseded by [0-9]{4}),"
                            + " 20[0-9]{2}-[01][0-9]-[0-3][0-9])\\n\\n(?s:.+)");

    @Test
    void linksLeadSomewhere() {
        List<String> wrong = new ArrayList<>();
        for (Path document : ProjectFiles.endingIn(".md")) {
            String prose = CODE.matcher(ProjectFiles.read(document)).replaceAll("code");
            LINK.matcher(prose)
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.matches("[a-z]+:.*"))
                    .filter(link -> !leadsSomewhere(document, link))
                    .forEach(link -> wrong.add(document + ": " + link));
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean leadsSomewhere(Path document, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
        return Files.exists(target)
                && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path document) {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        String text =
                Pattern.compile("(?ms)^```.*?^```")
                        .matcher(ProjectFiles.read(document))
                        .replaceAll("");
        for (MatchResult heading : HEADING.matcher(text).results().toList()) {
            String anchor =
                    heading.group(1)
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                            .replace(' ', '-');
            int before = times.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }

    private static List<Path> decisions() {
        List<Path> decisions =
                ProjectFiles.endingIn(".md").stream()
                        .filter(file -> DECISIONS.equals(file.getParent()))
                        .filter(file -> !file.equals(INDEX))
                        .toList();
        assertFalse(decisions.isEmpty(), "no decisions in " + DECISIONS);
        return decisions;
    }

    /** A number, a title, a status and a date, and a row of the index that says the same. */
    @Test
    void decisionsSayWhatTheyAreAndSinceWhen() {
        List<String> wrong = new ArrayList<>();
        StringBuilder rows = new StringBuilder();
        for (Path decision : decisions()) {
            String name = ProjectFiles.name(decision);
            Matcher file = FILE.matcher(name);
            Matcher head = HEAD.matcher(ProjectFiles.read(decision));
            if (!file.matches()
                    || !head.matches()
                    || Integer.parseInt(file.group(1)) != Integer.parseInt(head.group(1))) {
                wrong.add(decision + " does not begin with number, title, status and date");
                continue;
            }
            rows.append(
                    "| [%s](%s) | %s | %s |\n"
                            .formatted(file.group(1), name, head.group(2), head.group(3)));
        }
        assertEquals(List.of(), wrong);
        String index = ProjectFiles.read(INDEX);
        assertEquals(rows.toString(), index.substring(index.indexOf("| [")));
    }
}
