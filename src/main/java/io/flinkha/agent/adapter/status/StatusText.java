package io.flinkha.agent.adapter.status;

import io.flinkha.agent.adapter.status.ApplicationStatus.KubernetesJob;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.JobView;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An application's status for people. */
public final class StatusText {
    private final ApplicationStatus status;
    private final StringJoiner text = new StringJoiner("\n");

    private StatusText(ApplicationStatus status) {
        this.status = status;
    }

    public static String of(ApplicationStatus status) {
        StatusText text = new StatusText(status);
        text.text.add("%s in namespace %s".formatted(status.clusterId(), status.namespace()));
        text.leadership();
        text.standby();
        text.wishes();
        text.manifest(status.manifest());
        text.line("Job", kubernetesJob(status.kubernetesJob()));
        return text.text.toString();
    }

    /** Newest first. */
    public static String history(Manifest manifest) {
        return manifest.history().isEmpty()
                ? "Nobody has led yet."
                : manifest.history().reversed().stream()
                        .map(one ->
                                "epoch %-5d %s  %s  %s"
                                        .formatted(
                                                one.epoch(),
                                                one.time(),
                                                one.holder(),
                                                one.reason()))
                        .collect(Collectors.joining("\n"));
    }

    private void leadership() {
        line(
                "leader",
                "%s, epoch %d%s"
                        .formatted(
                                Objects.requireNonNullElse(status.holder(), "nobody"),
                                status.epoch(),
                                status.renewed() == null
                                        ? ""
                                        : ", renewed at " + status.renewed()));
        Leadership leadership = status.leadership();
        if (leadership != null) {
            line("since", leadership.time() + ", " + leadership.reason());
        }
    }

    private void standby() {
        if (status.standby() != null) {
            line("standby", status.standby());
        }
    }

    private void wishes() {
        line("paused", status.wishes().isPaused() ? status.wishes().paused() : "no");
        if (status.isToStepDown()) {
            line("step-down", "epoch %d is asked to end".formatted(status.wishes().stepDown()));
        }
        if (status.isToRestore()) {
            line(
                    "restore",
                    "%s, asked for after epoch %d"
                            .formatted(
                                    status.wishes().restoreFrom(), status.wishes().restoreAfter()));
        }
    }

    private void manifest(Manifest manifest) {
        Run run = manifest.run();
        line("job", run == null ? "none" : job(run, manifest));
        for (Checkpoint one : manifest.checkpoints().reversed()) {
            line(
                    "checkpoint",
                    "%d, %s: %s".formatted(one.id(), age(one.completedAt()), one.path()));
        }
        Savepoint savepoint = manifest.savepoint();
        if (savepoint != null) {
            line("savepoint", "%s: %s".formatted(age(savepoint.completedAt()), savepoint.path()));
        }
    }

    private void line(String name, String value) {
        text.add("  %-11s %s".formatted(name, value));
    }

    private String age(long completedAt) {
        Long seconds = status.ageSeconds(completedAt);
        return seconds == null ? "of unknown age" : seconds + " s old";
    }

    private static String job(Run run, Manifest manifest) {
        JobResult result = manifest.result();
        return "%s %s, since epoch %d, %s"
                .formatted(
                        run.jobId(),
                        run.jobName().isEmpty() ? "(not named yet)" : run.jobName(),
                        run.epoch(),
                        result == null
                                ? manifest.plan() == null ? "no plan stored" : "plan stored"
                                : result.status());
    }

    private static String kubernetesJob(@Nullable KubernetesJob job) {
        if (job == null || job.seen() == null) {
            return "not known";
        }
        JobView seen = job.seen();
        return "%s, %s, pods failed: %d%s"
                .formatted(
                        job.name(),
                        seen.over() ? "over" : seen.suspended() ? "parked" : "active",
                        seen.failed(),
                        seen.backoffLimit() == Integer.MAX_VALUE
                                ? ""
                                : " of " + seen.backoffLimit());
    }
}
