package io.flinkha.lab.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The system's own Prometheus, with the alerts of deploy/ in a time that runs faster. */
public final class PrometheusServer {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern DURATION = Pattern.compile("(\\d+)([smh])");
    private static final Pattern SECONDS = Pattern.compile("(?<=> )\\d{2,}\\b");
    private static final Pattern RANGE = Pattern.compile("(?<=\\[)\\d+[smh](?=[]:])");
    private static final Map<String, Integer> UNITS = Map.of("s", 1, "m", 60, "h", 3600);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Path directory;
    private final int port;

    public PrometheusServer(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /**
     * The rules as Prometheus wants them, without the object that Kubernetes wants around them.
     *
     * @param factors by the alert's name: its times are divided by this; none for all as they are
     */
    public static String rules(Path alerts, Map<String, Integer> factors) {
        try {
            JsonNode spec = YAML.readTree(alerts.toFile()).path("spec");
            for (JsonNode group : spec.path("groups")) {
                for (JsonNode rule : group.path("rules")) {
                    int factor = factors.getOrDefault(rule.path("alert").asText(), 1);
                    divide((ObjectNode) rule, factor);
                }
            }
            return YAML.writeValueAsString(spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void divide(ObjectNode rule, int factor) {
        String expression = rule.path("expr").asText();
        expression =
                RANGE.matcher(expression)
                        .replaceAll(range -> seconds(range.group()) / factor + "s");
        expression =
                SECONDS.matcher(expression)
                        .replaceAll(number ->
                                Double.toString(Double.parseDouble(number.group()) / factor));
        rule.put("expr", expression);
        if (rule.has("for")) {
            rule.put("for", seconds(rule.path("for").asText()) / factor + "s");
        }
    }

    private static int seconds(String duration) {
        var parts = DURATION.matcher(duration);
        if (!parts.matches()) {
            throw new IllegalArgumentException("No duration: " + duration);
        }
        return Integer.parseInt(parts.group(1)) * UNITS.getOrDefault(parts.group(2), 1);
    }

    /** Writes what it needs, and answers the command line. */
    public List<String> prepare(Path alerts, Map<String, Integer> factors) {
        String configuration =
                """
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: [rules.yaml]
                scrape_configs:
                  - job_name: flink-ha-agent
                    metrics_path: /q/metrics
                    file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }]
                """;
        write("rules.yaml", rules(alerts, factors));
        write("prometheus.yml", configuration);
        write("targets.json", "[]");
        return List.of(
                "prometheus",
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port);
    }

    /** From now on this agent is scraped, and no other one. */
    public void scrape(int managementPort) {
        write(
                "targets.json",
                Json.write(
                        List.of(
                                Map.of(
                                        "targets",
                                        List.of("127.0.0.1:" + managementPort),
                                        "labels",
                                        Map.of("namespace", "default", "pod", "agent")))));
    }

    public void write(String file, String text) {
        var unused = Directories.write(directory.resolve(file), text);
    }

    public boolean answers() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Names of the alerts that fire now. */
    public Set<String> firing() {
        Set<String> firing = new TreeSet<>();
        for (JsonNode alert : Json.read(get("/api/v1/alerts").body()).path("data").path("alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                firing.add(alert.path("labels").path("alertname").asText());
            }
        }
        return firing;
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
