package io.flinkha.lab.experiment.state;

import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.state.LastRun.End;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Somebody's hand in the checkpoint storage, between a run and the next start. */
final class StateDamage {
    private StateDamage() {}

    /** What is done to the newest checkpoint. */
    private enum Harm {
        DELETED("newest checkpoint deleted", "HALT 78", "NOT_FOUND"),
        TRUNCATED("_metadata truncated", "HALT 78", "UNREADABLE"),
        /** It opens, and reading fails with EIO, as on a mount whose server is away. */
        UNREACHABLE("storage does not answer", "HALT 1", "does not answer");

        private final String title;
        private final String halt;
        private final String word;

        Harm(String title, String halt, String word) {
            this.title = title;
            this.halt = halt;
            this.word = word;
        }

        void inflict(Path checkpoint) throws IOException {
            Path metadata = checkpoint.resolve("_metadata");
            switch (this) {
                case DELETED -> {
                    for (String file : FileCensus.below(checkpoint)) {
                        Files.delete(Path.of(file));
                    }
                    Files.delete(checkpoint);
                }
                case TRUNCATED -> {
                    byte[] all = Files.readAllBytes(metadata);
                    Files.write(metadata, Arrays.copyOf(all, all.length / 2));
                }
                case UNREACHABLE -> {
                    Files.delete(metadata);
                    Files.createSymbolicLink(metadata, Path.of("/proc/self/mem"));
                }
            }
        }
    }

    static List<Trial> trials() {
        List<Trial> all = new ArrayList<>();
        for (Harm harm : Harm.values()) {
            for (boolean newRevision : List.of(false, true)) {
                String name =
                        "damage: %s, %s revision"
                                .formatted(harm.title, newRevision ? "new" : "same");
                all.add(
                        new Trial(
                                name,
                                (bench, id, row) -> refused(bench, id, row, harm, newRevision)));
                if (harm != Harm.UNREACHABLE) {
                    all.add(
                            new Trial(
                                    name + ", older allowed",
                                    (bench, id, row) -> older(bench, id, row, harm, newRevision)));
                }
            }
        }
        return all;
    }

    private static ApplicationSpec spec(Workbench bench, String id) {
        return Trial.spec(bench, id).withFlink("execution.checkpointing.num-retained", "3");
    }

    private static void refused(
            Workbench bench, String id, Row row, Harm harm, boolean newRevision) {
        try (LocalApplication application = bench.start(id, spec(bench, id))) {
            LastRun last = LastRun.of(application, End.CRASH);
            Path checkpoint = directory(last);
            damage(checkpoint, harm);
            LocalPod pod =
                    newRevision ? application.replaceJob(spec(bench, id)) : application.pod();
            StartOutcome refused = StartOutcome.awaitHalt(pod, newRevision ? 0 : last.processes());
            row.figure("first", refused.kind())
                    .claim("it is " + harm.halt, refused.kind().equals(harm.halt))
                    .claim(
                            "the sentence names what is wrong",
                            refused.sentence().contains(harm.word))
                    .claim(
                            "and where",
                            refused.sentence().contains(checkpoint.getFileName().toString()))
                    .sentence(refused.sentence());
            Console.event("--- it is brought back");
            repair(checkpoint);
            goesOn(application, row, newRevision ? "RESTORE" : "RESUME", last.checkpoint());
        }
    }

    /** The way out is taken, and nothing is lost. */
    static void goesOn(LocalApplication application, Row row, String kind, String checkpoint) {
        StartOutcome start = StartOutcome.awaitRunning(application.pod());
        application.jobManager().restartDelay(Duration.ZERO);
        row.figure("started", start.kind())
                .figure("restoredFrom", start.restoredFrom())
                .claim("then it is " + kind, start.kind().equals(kind))
                .claim(
                        "from " + StartOutcome.name(checkpoint),
                        start.restored().equals(checkpoint));
        Trial.finishExactlyOnce(application, row);
    }

    private static void older(Workbench bench, String id, Row row, Harm harm, boolean newRevision) {
        ApplicationSpec spec =
                spec(bench, id).withAgent("FLINK_HA_RESTORE_ALLOW_OLDER_CHECKPOINT", "true");
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            damage(directory(last), harm);
            if (newRevision) {
                application.replaceJob(spec);
            }
            StartOutcome start = StartOutcome.awaitRunning(application.pod());
            application.jobManager().restartDelay(Duration.ZERO);
            row.figure("started", start.kind())
                    .figure("newest", StartOutcome.name(last.checkpoint()))
                    .figure("restoredFrom", start.restoredFrom())
                    .claim(
                            "an older checkpoint is taken",
                            start.restored().contains("/chk-")
                                    && !start.restored().equals(last.checkpoint()));
            CommittedOutput output = Trial.finish(application, row);
            row.claim("nothing is lost", output.lost() == 0)
                    .claim("what came after it comes again", output.duplicated() > 0)
                    .claim("and no more", output.duplicated() < last.committed());
        }
    }

    private static Path directory(LastRun last) {
        return Path.of(URI.create(last.checkpoint()).getPath());
    }

    /** Beside the job's directory, where Flink looks for nothing. */
    private static Path aside(Path checkpoint) {
        return checkpoint.resolveSibling("../../aside").normalize();
    }

    private static void damage(Path checkpoint, Harm harm) {
        Console.event("--- " + harm.title + ": " + checkpoint.getFileName());
        try {
            copy(checkpoint, aside(checkpoint));
            harm.inflict(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void repair(Path checkpoint) {
        try {
            Files.deleteIfExists(checkpoint.resolve("_metadata"));
            copy(aside(checkpoint), checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
