package io.flinkha.lab.command;

import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Pod;
import io.flinkha.lab.command.LastRun.End;
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

    private static ClusterSpec spec(Bench bench, String id) {
        return Trial.spec(bench, id).withFlink("execution.checkpointing.num-retained", "3");
    }

    private static void refused(Bench bench, String id, Row row, Harm harm, boolean newRevision) {
        try (Cluster cluster = bench.start(id, spec(bench, id))) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            Path checkpoint = directory(last);
            damage(checkpoint, harm);
            Pod pod = newRevision ? cluster.replaceJob(spec(bench, id)) : cluster.pod();
            Start refused = Start.awaitHalt(pod, newRevision ? 0 : last.processes());
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
            goesOn(cluster, row, newRevision ? "RESTORE" : "RESUME", last.checkpoint());
        }
    }

    /** The way out is taken, and nothing is lost. */
    static void goesOn(Cluster cluster, Row row, String kind, String checkpoint) {
        Start start = Start.awaitRunning(cluster.pod());
        cluster.jobManager().restartDelay(Duration.ZERO);
        row.figure("started", start.kind())
                .figure("restoredFrom", start.restoredFrom())
                .claim("then it is " + kind, start.kind().equals(kind))
                .claim("from " + Start.name(checkpoint), start.restored().equals(checkpoint))
                .claim(
                        "every record is committed exactly once",
                        Trial.finish(cluster, row).exactlyOnce());
    }

    private static void older(Bench bench, String id, Row row, Harm harm, boolean newRevision) {
        ClusterSpec spec =
                spec(bench, id).withAgent("FLINK_HA_RESTORE_ALLOW_OLDER_CHECKPOINT", "true");
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            damage(directory(last), harm);
            if (newRevision) {
                cluster.replaceJob(spec);
            }
            Start start = Start.awaitRunning(cluster.pod());
            cluster.jobManager().restartDelay(Duration.ZERO);
            row.figure("started", start.kind())
                    .figure("newest", Start.name(last.checkpoint()))
                    .figure("restoredFrom", start.restoredFrom())
                    .claim(
                            "an older checkpoint is taken",
                            start.restored().contains("/chk-")
                                    && !start.restored().equals(last.checkpoint()));
            CommittedOutput output = Trial.finish(cluster, row);
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
