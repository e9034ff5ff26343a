package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.status.ApplicationStatus;
import io.flinkha.agent.adapter.status.ApplicationStatus.KubernetesJob;
import io.flinkha.agent.adapter.status.StatusJson;
import io.flinkha.agent.adapter.status.StatusText;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.port.Result;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, what runs, and from what it would go on: out of the objects in the API server, so that
 * it says so too where no agent answers.
 */
final class Status {
    private final CommandTarget target;
    private final KubernetesObjects objects;
    private final Instant now;

    Status(CommandTarget target, Instant now) {
        this.target = target;
        this.objects = target.objects();
        this.now = now;
    }

    void run() throws RefusedException {
        KubernetesLeaseStore leases = objects.leases();
        LeaseRecord lease = ok("Reading the Lease", leases.read()).orElse(null);
        Manifest manifest = manifest();
        ApplicationStatus status =
                new ApplicationStatus(
                        objects.leaseName(),
                        objects.namespace(),
                        lease,
                        manifest,
                        Math.max(lease == null ? 0 : lease.epoch(), manifest.epoch()),
                        leases.renewed().orElse(null),
                        kubernetesJob(),
                        now);
        target.output().show(StatusJson.of(status), StatusText.of(status));
    }

    void history() throws RefusedException {
        Manifest manifest = manifest();
        target.output()
                .show(
                        StatusJson.history(objects.leaseName(), manifest, StatusJson::leadership),
                        StatusText.history(manifest));
    }

    private Manifest manifest() throws RefusedException {
        return switch (ok("Reading the manifest", objects.manifests().read())) {
            case ManifestView.Present present -> present.manifest();
            case ManifestView.Absent absent -> Manifest.EMPTY;
            case ManifestView.Garbled garbled -> throw unreadable(garbled.reason());
            case ManifestView.Newer newer -> throw unreadable(newer.reason());
        };
    }

    private RefusedException unreadable(String reason) {
        return new RefusedException(
                "ConfigMap %s of namespace %s cannot be read (%s): docs/OPERATIONS.md says what to do."
                        .formatted(objects.manifestName(), objects.namespace(), reason));
    }

    /** Without it the rest is still worth showing. */
    private @Nullable KubernetesJob kubernetesJob() {
        try {
            String name = target.jobName();
            return objects.job(name).read() instanceof Result.Ok<Optional<JobView>> found
                    ? found.value().map(job -> new KubernetesJob(name, job)).orElse(null)
                    : null;
        } catch (RefusedException e) {
            return null;
        }
    }
}
