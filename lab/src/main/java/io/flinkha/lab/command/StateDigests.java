package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Row;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole keyed state at the end, after faults, compared with that of a run without any. */
final class StateDigests {
    private static final int RECORDS = 400_000;
    private static final int KEYS = 20_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private @Nullable String expected;

    List<Trial> trials() {
        return List.of(
                new Trial("digest: no faults", this::noFaults),
                new Trial(
                        "digest: incremental",
                        (bench, id, row) -> incremental(bench, id, row, spec(bench, id, 4_000, 0))),
                new Trial("digest: unaligned", this::unaligned),
                new Trial("digest: canonical savepoint", this::canonical));
    }

    private static ClusterSpec spec(Bench bench, String id, int perSecond, int pauseMicros) {
        Job job =
                Job.digesting(
                        bench.project().demoJob(),
                        "--records",
                        Integer.toString(RECORDS),
                        "--keys",
                        Integer.toString(KEYS),
                        "--rate",
                        Integer.toString(perSecond),
                        "--pause-micros",
                        Integer.toString(pauseMicros));
        return ClusterSpec.of(Kind.AGENT, id, job)
                .withFlink("restart-strategy.type", "none")
                .withFlink("taskmanager.slot.timeout", "3 s");
    }

    private void noFaults(Bench bench, String id, Row row) {
        try (Cluster cluster = bench.start(id, spec(bench, id, 4_000, 0))) {
            expected = digest(cluster, row);
        }
    }

    /** That of the run without faults, which is made if its own row was not chosen. */
    private String expected(Bench bench, String id) {
        if (expected == null) {
            noFaults(bench, id + "-reference", new Row("reference"));
        }
        return String.valueOf(expected);
    }

    /** A JobManager's death, a job that failed and its new Job, a cancel and its new Job. */
    private void incremental(Bench bench, String id, Row row, ClusterSpec spec) {
        String wanted = expected(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            awaitState(cluster, row);
            Failover failover = Failover.byKilling(cluster);
            row.figure("resumedFrom", restoredId(failover))
                    .claim("resumed from the newest checkpoint", failover.fromLatest());
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            Console.event("--- it fails");
            Stage.place(cluster, "fail");
            Stage.awaitOver(cluster.pod());
            next(cluster, spec, row);
            LeftFiles.awaitCollected(cluster);
            Stage.awaitCheckpoints(cluster.pod(), 1, LIMIT);
            Console.event("--- it is cancelled");
            cluster.pod().rest().cancel();
            Stage.awaitOver(cluster.pod());
            LeftFiles.of(cluster).addTo(row);
            next(cluster, spec, row);
            LeftFiles.awaitCollected(cluster);
            same(cluster, row, wanted);
            LeftFiles.of(cluster).addTo(row);
        }
    }

    private static @Nullable Long restoredId(Failover failover) {
        return failover.restoredCheckpoint().isPresent()
                ? failover.restoredCheckpoint().getAsLong()
                : null;
    }

    private static void next(Cluster cluster, ClusterSpec spec, Row row) {
        Console.event("--- a new Job");
        Start start = Start.await(cluster.replaceJob(spec), 0);
        row.claim("it is RESTORE", start.kind().equals("RESTORE"))
                .claim("from a checkpoint", start.restored().contains("/chk-"));
        Stage.awaitCheckpointed(cluster);
    }

    /** Each record waits at the keyed operator: what comes to it piles up in the channels. */
    private void unaligned(Bench bench, String id, Row row) {
        String wanted = expected(bench, id);
        ClusterSpec spec =
                spec(bench, id, 1_000_000, 400)
                        .withFlink("execution.checkpointing.unaligned.enabled", "true");
        try (Cluster cluster = bench.start(id, spec)) {
            awaitState(cluster, row);
            long inFlight = cluster.pod().rest().mostInFlightBytes();
            row.figure("inFlightBytes", inFlight)
                    .claim("in-flight data was persisted", inFlight > 0);
            Failover failover = Failover.byKilling(cluster);
            row.figure("resumedFrom", restoredId(failover))
                    .claim("resumed from the newest checkpoint", failover.fromLatest());
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            long again = cluster.pod().rest().mostInFlightBytes();
            row.figure("inFlightBytesAfter", again)
                    .claim("and again after the failover", again > 0);
            Console.event("--- it fails");
            Stage.place(cluster, "fail");
            Stage.awaitOver(cluster.pod());
            next(cluster, spec, row);
            same(cluster, row, wanted);
        }
    }

    private void canonical(Bench bench, String id, Row row) {
        String wanted = expected(bench, id);
        ClusterSpec spec = spec(bench, id, 4_000, 0);
        try (Cluster cluster = bench.start(id, spec)) {
            awaitState(cluster, row);
            String savepoint = LastRun.savepoint(cluster);
            row.figure("savepointBytes", bytes(cluster.lab().savepoints()));
            Failover.byKilling(cluster);
            Console.event("--- back to the savepoint");
            Start start =
                    Start.await(
                            cluster.replaceJob(spec.withAgent("FLINK_HA_RESTORE_PATH", savepoint)),
                            0);
            row.claim("restored from it", start.restored().equals(savepoint));
            same(cluster, row, wanted);
        }
    }

    /** State of some size, in several files of a few checkpoints. */
    private static void awaitState(Cluster cluster, Row row) {
        Stage.awaitSteady(cluster);
        Stage.awaitCheckpoints(cluster.pod(), 5, LIMIT);
        row.figure("stateBytes", bytes(cluster.lab().checkpoints()))
                .figure("stateFiles", FileCensus.below(cluster.lab().checkpoints()).size());
    }

    private static long bytes(Path directory) {
        return FileCensus.below(directory).stream()
                .mapToLong(file -> Path.of(file).toFile().length())
                .sum();
    }

    private static void same(Cluster cluster, Row row, String wanted) {
        String digest = digest(cluster, row);
        row.claim("the state is that of a run without faults", digest.equals(wanted));
    }

    /** Lets the job run to its end, and reads the state that it wrote there. */
    private static String digest(Cluster cluster, Row row) {
        Stage.place(cluster, "drain");
        Await.until("the end of the job", LIMIT, () -> cluster.jobManager().over().isPresent());
        List<String> lines =
                CommittedOutput.lines(Trial.output(cluster)).stream().sorted().toList();
        long counted =
                lines.stream().mapToLong(line -> Long.parseLong(line.split(" ", -1)[1])).sum();
        String digest = sha256(String.join("\n", lines));
        row.figure("keys", lines.size())
                .figure("records", counted)
                .figure("digest", digest.substring(0, 12))
                .claim("each key is there once", lines.size() == KEYS)
                .claim("each record is counted once", counted == RECORDS);
        return digest;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
