package io.flinkha.lab.experiment.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.storage.LeadingAgent;
import io.flinkha.lab.experiment.storage.StandInJobManager;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Schemathesis asks a leading agent all that the documents of its two APIs allow, and much that
 * they do not.
 */
public final class ApiFuzz implements LocalExperiment {
    private static final String SCHEMATHESIS = "schemathesis==4.32.5";
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int CASES_PER_OPERATION = 200;

    /** A request line that is too long is refused before anybody looks at it: 414. */
    private static final String CONFIGURATION =
            """
            [checks.negative_data_rejection]
            expected-statuses = [400, 401, 404, 405, 409, 413, 414]
            """;

    private final int seed;

    public ApiFuzz(int seed) {
        this.seed = seed;
    }

    @Override
    public String name() {
        return "api-fuzz";
    }

    @Override
    public void run(Workbench bench, Report report) {
        Path program = installed(bench);
        try (LeadingAgent agent = LeadingAgent.start(bench, name(), "", null)) {
            Asking asking = new Asking(bench, agent, program, seed);
            String management = "http://127.0.0.1:" + agent.application().pod().managementPort();
            String control = "http://127.0.0.1:" + agent.application().pod().controlPort();
            String document = agent.jobManager().description();
            String token = "--header=Authorization: Bearer " + agent.jobManager().token();
            asking.ask(report.row("status"), management, management + "/openapi.yaml");
            asking.ask(
                    report.row("control-as-a-stranger"),
                    control,
                    written(bench, "control.yaml", document),
                    token);
            // To another process than the one that it names, these two answer with 200: wait, or
            // halt.
            asking.ask(
                    report.row("control-as-the-leader"),
                    control,
                    written(bench, "as-leader.yaml", asLeader(document, agent.jobManager())),
                    token,
                    "--exclude-path=/v1/register",
                    "--exclude-path=/v1/gate");
        }
    }

    private static Path installed(Workbench bench) {
        return bench.built(
                bench.project().target().resolve("schemathesis"),
                "bin/schemathesis",
                List.of(
                        "bash",
                        "-c",
                        "python3 -m venv . && bin/python -m pip install --quiet " + SCHEMATHESIS),
                Map.of());
    }

    /** What only the process that leads may say gets past the fence of its epoch. */
    private static String asLeader(String document, StandInJobManager leader) {
        return document.replaceFirst("\n    Jm: .*", "\n    Jm: {enum: [" + leader.id() + "]}")
                .replaceFirst("\n    Epoch: .*", "\n    Epoch: {enum: [" + leader.epoch() + "]}");
    }

    private static String written(Workbench bench, String name, String text) {
        return Directories.write(bench.directory().resolve(name), text).toString();
    }

    private record Asking(Workbench bench, LeadingAgent agent, Path program, int seed) {
        void ask(Row row, String url, String document, String... more) {
            Console.event("=== " + row.name());
            long pid = agent.pid();
            Path result = bench.directory().resolve(row.name() + ".json");
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    program.toString(),
                                    "--config-file="
                                            + written(bench, "schemathesis.toml", CONFIGURATION),
                                    "--no-color",
                                    "run",
                                    document,
                                    "--url=" + url,
                                    "--seed=" + seed,
                                    "--max-examples=" + CASES_PER_OPERATION,
                                    "--generation-database=none",
                                    "--report=json",
                                    "--report-json-path=" + result));
            command.addAll(List.of(more));
            Child child = bench.start(row.name(), command, Map.of(), bench.directory());
            Await.until(row.name(), LIMIT, () -> child.over().isPresent());
            try {
                JsonNode said = Json.read(Files.readString(result));
                JsonNode cases = said.path("test_cases");
                row.figure("seed", seed)
                        .figure("operations", said.path("operations").path("tested").asInt())
                        .figure("cases", cases.path("generated").asInt())
                        .figure("findings", cases.path("unique_failures").asInt())
                        .figure("errorsInAgentsLog", errors())
                        .claim("Schemathesis finds nothing", child.over().orElse(-1) == 0)
                        .claim("the agent logs no error", errors() == 0)
                        .claim("the agent is the same process", agent.pid() == pid);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private long errors() throws IOException {
            try (Stream<String> lines = Files.lines(agent.log())) {
                return lines.filter(line -> line.contains(" ERROR ")).count();
            }
        }
    }
}
