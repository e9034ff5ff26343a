package io.flinkha.agent.adapter.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.contract.FakeAgentView;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** On the registry that Quarkus brings, which Micrometer would rather have replaced. */
@SuppressWarnings("deprecation")
class AgentMetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("^([a-z_]+?)(?:_count|_sum|_max)?(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AgentMetrics metrics =
            new AgentMetrics(
                    registry,
                    "orders",
                    "1.0",
                    new FakeAgentView(State.initial(), Duration.ZERO, false, 3, List.of()),
                    10);

    private void step(State after, Event event) {
        metrics.stepped(event, new Transition(after, List.of()));
    }

    private String value(String sample) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .map(line -> line.substring(sample.length() + 1))
                .findFirst()
                .orElse("missing");
    }

    /** Names are what Prometheus sees; the registry makes them of what stands in the code. */
    @Test
    void theDocumentIsWhatTheCodeRegisters() throws IOException {
        metrics.storageAsked("put", "ok", 1);
        Map<String, String> help = new TreeMap<>();
        Map<String, String> types = new TreeMap<>();
        Map<String, TreeSet<String>> labels = new TreeMap<>();
        registry.scrape()
                .lines()
                .forEach(line -> {
                    String[] words = line.split(" ", 4);
                    if (line.startsWith("# HELP")) {
                        help.put(words[2], words[3]);
                    } else if (line.startsWith("# TYPE")) {
                        types.put(words[2], words[3]);
                    } else {
                        Matcher sample = SAMPLE.matcher(line);
                        if (sample.matches()) {
                            TreeSet<String> found =
                                    labels.computeIfAbsent(
                                            sample.group(1), name -> new TreeSet<>());
                            Matcher label =
                                    LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                            while (label.find()) {
                                found.add(label.group(1));
                            }
                        }
                    }
                });
        StringBuilder table =
                new StringBuilder("| name | type | labels | meaning |\n|---|---|---|---|\n");
        help.forEach((name, meaning) -> {
            if (!name.endsWith("_max") || name.equals("flink_ha_agent_restart_failures_max")) {
                table.append(
                        "| `%s` | %s | %s | %s |%n"
                                .formatted(
                                        name,
                                        types.get(name),
                                        String.join(
                                                ", ", labels.getOrDefault(name, new TreeSet<>())),
                                        meaning));
            }
        });
        String document = Files.readString(Path.of("docs/METRICS.md"));
        int from = document.indexOf("| name |");
        assertEquals(
                table.toString(),
                document.substring(from, document.indexOf("\n\n", from) + 1),
                "docs/METRICS.md: put the expected table in place of the one that is there");
    }

    @Test
    void renewalsAreCountedByTheirResult() {
        LeaseRecord lease = new LeaseRecord("pod/uid", "n", 1, 1, 0, 60, "7");
        step(State.initial(), new Event.LeaseWritten(1, lease));
        step(State.initial(), new Event.LeaseFailed(2, Outcome.FORBIDDEN, "no"));
        assertEquals("1.0", value("flink_ha_agent_lease_renewals_total{result=\"ok\",}"));
        assertEquals("1.0", value("flink_ha_agent_lease_renewals_total{result=\"forbidden\",}"));
        assertEquals("0.0", value("flink_ha_agent_lease_renewals_total{result=\"conflict\",}"));
    }

    @Test
    void theBudgetAndThePauseAreShown() {
        assertEquals("3.0", value("flink_ha_agent_restart_failures"));
        assertEquals("10.0", value("flink_ha_agent_restart_failures_max"));
        assertEquals("0.0", value("flink_ha_agent_paused"));
        assertEquals("1.0", value("flink_ha_agent_phase{phase=\"contending\",}"));
        step(paused(), new Event.Tick());
        assertEquals("1.0", value("flink_ha_agent_paused"));
    }

    private static State paused() {
        return States.withLease(
                State.initial(),
                new LeaseRecord("pod/uid", "n", 1, 1, 0, 60, "7")
                        .withWishes(new Wishes("since noon", 0, "", 0)));
    }
}
