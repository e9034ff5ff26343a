package io.flinkha.lab.experiment.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The stored plan is damaged: it is refused by name, main() runs anew, and nothing is lost. */
public final class PlanDamage implements LocalExperiment {
    @Override
    public String name() {
        return "plan-damage";
    }

    @Override
    public void run(Workbench bench, Report report) {
        try (LocalApplication application =
                bench.start("plan-damage", bench.counting(Side.AGENT, "plan-damage"))) {
            application.awaitSteady();
            damage(application, report.row("truncated"), all -> Arrays.copyOf(all, all.length / 2));
            application.awaitCheckpoints(3, Duration.ofMinutes(1));
            damage(
                    application,
                    report.row("one-byte-altered"),
                    all -> {
                        byte[] altered = all.clone();
                        altered[all.length / 2] ^= 1;
                        return altered;
                    });
            Row row = report.row("job");
            int exitCode = application.finish();
            row.figure("exitCode", exitCode);
            application
                    .output(Application.RECORDS)
                    .verify(row)
                    .figure("mainRuns", application.mainRuns())
                    .claim("the job finished", exitCode == 0);
        }
    }

    private static void damage(LocalApplication application, Row row, UnaryOperator<byte[]> how) {
        JsonNode manifest = application.manifest();
        String sha256 = manifest.path("plan").path("sha256").asText();
        Console.event("=== the plan " + sha256 + " is damaged: " + row.name());
        rewrite(planFile(application, sha256), how);
        BeforeFault before = BeforeFault.of(application);
        Failover failover =
                Aftermath.of(application, before, application.killJobManager()).awaitFailover();
        int starts = before.restarts() + 1;
        failover.addWithPhasesTo(row)
                .figure("planSha256", sha256.substring(0, 12))
                .figure("jobManagerStarts", application.jobManager().starts() - starts)
                .claim("refused by name", loggedAfter(application, sha256, starts))
                .claim("main() ran again, once", failover.mainRunsAdded() == 1);
    }

    /** Cuts the stored plan in half. Answers its sha256. */
    public static String truncate(LocalApplication application) {
        String sha256 = application.manifest().path("plan").path("sha256").asText();
        rewrite(planFile(application, sha256), all -> Arrays.copyOf(all, all.length / 2));
        return sha256;
    }

    private static Path planFile(LocalApplication application, String sha256) {
        return FileCensus.below(application.directory().storage()).stream()
                .filter(file -> file.contains(sha256))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No plan " + sha256));
    }

    private static void rewrite(Path file, UnaryOperator<byte[]> how) {
        try {
            Files.write(file, how.apply(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether one of the JobManagers started since, or the agent, names the plan as damaged. */
    private static boolean loggedAfter(LocalApplication application, String sha256, int starts) {
        for (String name : FileCensus.below(application.directory().logs())) {
            String file = Path.of(name).getFileName().toString();
            boolean since =
                    file.startsWith("agent-")
                            || (file.startsWith("jobmanager-") && number(file) > starts);
            if (since && namesAsDamaged(Path.of(name), sha256)) {
                return true;
            }
        }
        return false;
    }

    private static int number(String file) {
        return Integer.parseInt(file.replaceAll(".*-(\\d+)\\..*", "$1"));
    }

    private static boolean namesAsDamaged(Path file, String sha256) {
        return Directories.text(file)
                .lines()
                .anyMatch(line ->
                        line.contains(sha256)
                                && (line.contains("damaged") || line.contains("refused")));
    }
}
