package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The stored plan is damaged: it is refused by name, main() runs anew, and nothing is lost. */
public final class PlanDamage implements Command {
    @Override
    public String name() {
        return "plan-damage";
    }

    @Override
    public void run(Bench bench, Report report) {
        try (Cluster cluster =
                bench.start("plan-damage", Stage.counting(bench, Kind.AGENT, "plan-damage"))) {
            Stage.awaitSteady(cluster);
            damage(cluster, report.row("truncated"), all -> Arrays.copyOf(all, all.length / 2));
            Stage.awaitCheckpoints(cluster.pod(), 3, Duration.ofMinutes(1));
            damage(
                    cluster,
                    report.row("one-byte-altered"),
                    all -> {
                        byte[] altered = all.clone();
                        altered[all.length / 2] ^= 1;
                        return altered;
                    });
            Row row = report.row("job");
            int exitCode = Stage.finish(cluster, cluster.pod());
            row.figure("exitCode", exitCode);
            Stage.verifyOutput(row, cluster)
                    .figure("mainRuns", cluster.mainRuns())
                    .claim("the job finished", exitCode == 0);
        }
    }

    private static void damage(Cluster cluster, Row row, UnaryOperator<byte[]> how) {
        JsonNode manifest = Stage.manifest(cluster);
        String sha256 = manifest.path("plan").path("sha256").asText();
        Console.event("=== the plan " + sha256 + " is damaged: " + row.name());
        rewrite(planFile(cluster, sha256), how);
        Failover.Before before = Failover.Before.of(cluster);
        Failover failover = Failover.watch(cluster, before.at(cluster.jobManager().kill()));
        failover.addTo(row)
                .figure("planSha256", sha256.substring(0, 12))
                .figure("jobManagerStarts", cluster.jobManager().starts() - before.starts())
                .claim("refused by name", loggedAfter(cluster, sha256, before.starts()))
                .claim(
                        "main() ran again, once",
                        failover.mainRunsAfter() == failover.mainRunsBefore() + 1);
    }

    /** Cuts the stored plan in half. Answers its sha256. */
    static String truncate(Cluster cluster) {
        String sha256 = Stage.manifest(cluster).path("plan").path("sha256").asText();
        rewrite(planFile(cluster, sha256), all -> Arrays.copyOf(all, all.length / 2));
        return sha256;
    }

    private static Path planFile(Cluster cluster, String sha256) {
        return FileCensus.below(cluster.lab().storage()).stream()
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
    private static boolean loggedAfter(Cluster cluster, String sha256, int starts) {
        for (String name : FileCensus.below(cluster.lab().logs())) {
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
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .anyMatch(line ->
                            line.contains(sha256)
                                    && (line.contains("damaged") || line.contains("refused")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
