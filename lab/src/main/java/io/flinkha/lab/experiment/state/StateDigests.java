package io.flinkha.lab.experiment.state;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CommittedOutput;
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

    private static ApplicationSpec spec(
            Workbench bench, String id, int perSecond, int pauseMicros) {
        FlinkJob job =
                FlinkJob.digesting(
                        bench.project().demoJob(),
                        "--records",
                        Integer.toString(RECORDS),
                        "--keys",
                        Integer.toString(KEYS),
                        "--rate",
                        Integer.toString(perSecond),
                        "--pause-micros",
                        Integer.toString(pauseMicros));
        return ApplicationSpec.of(Side.AGENT, id, job)
                .withFlink("restart-strategy.type", "none")
                .withFlink("taskmanager.slot.timeout", "3 s");
    }

    private void noFaults(Workbench bench, String id, Row row) {
        try (LocalApplication application = bench.start(id, spec(bench, id, 4_000, 0))) {
            expected = digest(application, row);
        }
    }

    /** That of the run without faults, which is made if its own row was not chosen. */
    private String expected(Workbench bench, String id) {
        if (expected == null) {
            noFaults(bench, id + "-reference", new Row("reference"));
        }
        return String.valueOf(expected);
    }

    /** A JobManager's death, a job that failed and its new Job, a cancel and its new Job. */
    private void incremental(Workbench bench, String id, Row row, ApplicationSpec spec) {
        String wanted = expected(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            awaitState(application, row);
            Failover failover = Aftermath.ofKilledJobManager(application);
            row.figure("resumedFrom", restoredId(failover))
                    .claim("resumed from the newest checkpoint", failover.fromLatest());
            application.awaitCheckpoints(2, LIMIT);
            Console.event("--- it fails");
            application.place("fail");
            application.awaitOver();
            next(application, spec, row);
            LeftFiles.awaitSwept(application);
            application.awaitCheckpoints(1, LIMIT);
            Console.event("--- it is cancelled");
            application.rest().cancel();
            application.awaitOver();
            LeftFiles.of(application).addTo(row);
            next(application, spec, row);
            LeftFiles.awaitSwept(application);
            same(application, row, wanted);
            LeftFiles.of(application).addTo(row);
        }
    }

    private static @Nullable Long restoredId(Failover failover) {
        return failover.restoredCheckpoint().isPresent()
                ? failover.restoredCheckpoint().getAsLong()
                : null;
    }

    private static void next(LocalApplication application, ApplicationSpec spec, Row row) {
        Console.event("--- a new Job");
        StartOutcome start = StartOutcome.await(application.replaceJob(spec), 0);
        row.claim("it is RESTORE", start.kind().equals("RESTORE"))
                .claim("from a checkpoint", start.restored().contains("/chk-"));
        application.awaitCheckpointed();
    }

    /** Each record waits at the keyed operator: what comes to it piles up in the channels. */
    private void unaligned(Workbench bench, String id, Row row) {
        String wanted = expected(bench, id);
        ApplicationSpec spec =
                spec(bench, id, 1_000_000, 400)
                        .withFlink("execution.checkpointing.unaligned.enabled", "true");
        try (LocalApplication application = bench.start(id, spec)) {
            awaitState(application, row);
            long inFlight = application.rest().mostInFlightBytes();
            row.figure("inFlightBytes", inFlight)
                    .claim("in-flight data was persisted", inFlight > 0);
            Failover failover = Aftermath.ofKilledJobManager(application);
            row.figure("resumedFrom", restoredId(failover))
                    .claim("resumed from the newest checkpoint", failover.fromLatest());
            application.awaitCheckpoints(2, LIMIT);
            long again = application.rest().mostInFlightBytes();
            row.figure("inFlightBytesAfter", again)
                    .claim("and again after the failover", again > 0);
            Console.event("--- it fails");
            application.place("fail");
            application.awaitOver();
            next(application, spec, row);
            same(application, row, wanted);
        }
    }

    private void canonical(Workbench bench, String id, Row row) {
        String wanted = expected(bench, id);
        ApplicationSpec spec = spec(bench, id, 4_000, 0);
        try (LocalApplication application = bench.start(id, spec)) {
            awaitState(application, row);
            String savepoint = application.savepoint(application.directory().savepoints(), LIMIT);
            row.figure("savepointBytes", bytes(application.directory().savepoints()));
            Aftermath.ofKilledJobManager(application);
            Console.event("--- back to the savepoint");
            StartOutcome start =
                    StartOutcome.await(
                            application.replaceJob(
                                    spec.withAgent("FLINK_HA_RESTORE_PATH", savepoint)),
                            0);
            row.claim("restored from it", start.restored().equals(savepoint));
            same(application, row, wanted);
        }
    }

    /** State of some size, in several files of a few checkpoints. */
    private static void awaitState(LocalApplication application, Row row) {
        application.awaitSteady();
        application.awaitCheckpoints(5, LIMIT);
        row.figure("stateBytes", bytes(application.directory().checkpoints()))
                .figure(
                        "stateFiles",
                        FileCensus.below(application.directory().checkpoints()).size());
    }

    private static long bytes(Path directory) {
        return FileCensus.below(directory).stream()
                .mapToLong(file -> Path.of(file).toFile().length())
                .sum();
    }

    private static void same(LocalApplication application, Row row, String wanted) {
        String digest = digest(application, row);
        row.claim("the state is that of a run without faults", digest.equals(wanted));
    }

    /** Lets the job run to its end, and reads the state that it wrote there. */
    private static String digest(LocalApplication application, Row row) {
        application.place("drain");
        Await.until("the end of the job", LIMIT, () -> application.jobManager().over().isPresent());
        List<String> lines =
                CommittedOutput.lines(Trial.output(application)).stream().sorted().toList();
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
