package io.flinkha.agent.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One thing has one word (the glossary of ARCHITECTURE.md): the others stay away. */
class WordsTest {
    /** Version 1 of the wire calls some things otherwise; docs/PROTOCOL.md says which. */
    private static final String WIRE =
            "docs/PROTOCOL\\.md|.*/openapi/.*|.*/(Wire|ControlApi)(Test)?\\.java|.*/ManifestCodec\\.java";

    /** Whoever calls the agent, and its fake, names the paths of that version. */
    private static final String PATHS = ".*/flink/agent/(Agent|OtherEnd)\\.java";

    /** Names of metrics and of their labels stay. */
    private static final String METRICS = "docs/METRICS\\.md|.*/AgentMetrics\\.java";

    private static final Pattern NOT_OURS =
            Pattern.compile(".*/WordsTest\\.java|.*/resources/(protocol|manifest)/.*");

    /**
     * A word that is not used here.
     *
     * @param elsewhere the files in which it has to stand
     */
    private record Word(Pattern forbidden, String instead, Pattern elsewhere) {
        Word(String forbidden, String instead, String elsewhere) {
            this(Pattern.compile(forbidden), instead, Pattern.compile(elsewhere));
        }
    }

    private static final List<Word> WORDS =
            List.of(
                    new Word("(?i)boot[-_\\s*]*(plan|rules|steps)", "start", WIRE),
                    new Word(
                            "(?i)\\bplan(s)? (with|came with|to hand out)|theplanis|overrulestheplan"
                                    + "|plan_at_|boolean withPlan|grant\\(plan|writesPlans"
                                    + "|plan's JSON|plan is (applied|not committed)",
                            "start, for what a JobManager begins with",
                            ""),
                    new Word("(?i)leftovers?", "earlier runs, sweep", WIRE + "|" + PATHS),
                    new Word(
                            "(?i)(runs|to ?be|/)(are)? ?collected|awaitCollected"
                                    + "|(left|any more)\\S*( [^.:;|]{0,40})? (is|are) collected"
                                    + "|(?<!garbage )collection of (what|earlier)|collects what",
                            "swept",
                            WIRE + "|" + PATHS),
                    new Word("(?i)giveUpRuns|runs ?are ?given ?up", "retire", ""),
                    new Word("(?<![-a-z])[Ss]napshot", "plan", WIRE + "|" + METRICS),
                    new Word("(?i)publication", "leader addresses", METRICS),
                    new Word("(?i)\\bharness", "laboratory", ""),
                    new Word("\\b[Bb]oard([A-Z(.]|\\b)", "leader addresses", ""),
                    new Word(
                            "(?i)leader_?map|flink-ha-leaders|empty leaders|leaders(Witness|AreAsked)"
                                    + "|leaders(, then| and Lease|\\(\\))|leaders of this very JVM"
                                    + "|(?-i:\\bLEADERS(_|\\b))",
                            "leader addresses, leader ConfigMap",
                            ""),
                    new Word("\\b[Bb]ook([A-Z(.]|\\b)", "manifest", ""),
                    new Word(
                            "(?i)core[./]election|State\\.Election|ofTheElection|Lease election"
                                    + "|election-sim|LeaseRecord seen[,)]",
                            "lease",
                            ""),
                    new Word("\\b(DESIGN [0-9]|RULES R)", "a rule (R1) or a decision (ADR 1)", ""),
                    new Word(
                            "(?m)^(public )?(final )?(class|record) (Named|Wanted|Subject|Reads)\\b",
                            "a name that says what it is",
                            ""));

    @Test
    void oneThingHasOneWord() {
        List<String> wrong = new ArrayList<>();
        left().forEach((instead, places) ->
                places.forEach(place -> wrong.add(place + ", say: " + instead)));
        assertEquals("", String.join("\n", wrong));
    }

    /** Where another word stands, by the one to use. */
    static Map<String, List<String>> left() {
        Map<String, List<String>> left = new LinkedHashMap<>();
        WORDS.forEach(word -> left.putIfAbsent(word.instead(), new ArrayList<>()));
        for (Path file : ProjectFiles.texts()) {
            if (NOT_OURS.matcher(file.toString()).matches()) {
                continue;
            }
            String text = ProjectFiles.read(file);
            for (Word word : WORDS) {
                if (!word.elsewhere().matcher(file.toString()).matches()) {
                    List<String> places =
                            left.computeIfAbsent(word.instead(), instead -> new ArrayList<>());
                    word.forbidden()
                            .matcher(text)
                            .results()
                            .forEach(found ->
                                    places.add(
                                            "%s:%d: '%s'"
                                                    .formatted(
                                                            file,
                                                            line(text, found.start()),
                                                            found.group())));
                }
            }
        }
        return left;
    }

    private static long line(String text, int at) {
        return text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    }
}
