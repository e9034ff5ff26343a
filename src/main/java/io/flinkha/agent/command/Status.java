package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.status.ManifestJson;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Who leads, what runs, and from what it would go on: out of the objects in the API server, so that
 * it says so too where no agent answers.
 */
final class Status {
    private final Subject subject;
    private final KubernetesObjects objects;
    private final Instant now;

    Status(Subject subject, Instant now) {
        this.subject = subject;
        this.objects = subject.objects();
        this.now = now;
    }

    void run() throws RefusedException {
        KubernetesLeaseStore leases = objects.leases();
        LeaseRecord lease = ok("Reading the Lease", leases.read()).orElse(null);
        Manifest manifest = manifest();
        Instant renewed = leases.renewed().orElse(null);
        JsonObject leadership =
                leadership(lease, manifest)
                        .put("renewed", renewed == null ? null : renewed.toString());
        JsonObject all =
                new JsonObject()
                        .put("clusterId", objects.leaseName())
                        .put("namespace", objects.namespace())
                        .put("leadership", leadership)
                        .put("wishes", ManifestJson.wishes(lease, manifest));
        new ManifestJson(manifest, now).putInto(all).put("kubernetesJob", kubernetesJob());
        subject.output().show(all, text(all));
    }

    void history() throws RefusedException {
        JsonArray all = new JsonArray();
        StringJoiner text = new StringJoiner("\n");
        for (Leadership one : manifest().history().reversed()) {
            all.add(ManifestJson.leadership(one));
            text.add(
                    "epoch %-5d %s  %s  %s"
                            .formatted(one.epoch(), one.time(), one.holder(), one.reason()));
        }
        subject.output()
                .show(
                        new JsonObject()
                                .put("clusterId", objects.leaseName())
                                .put("leaderships", all),
                        all.isEmpty() ? "Nobody has led yet." : text.toString());
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

    private static JsonObject leadership(@Nullable LeaseRecord lease, Manifest manifest) {
        long epoch = Math.max(lease == null ? 0 : lease.epoch(), manifest.epoch());
        Leadership last = ManifestJson.leadership(manifest, epoch);
        return new JsonObject()
                .put("holder", lease == null || !lease.held() ? null : lease.holder())
                .put("epoch", epoch)
                .put("since", last == null ? null : last.time())
                .put("reason", last == null ? null : last.reason());
    }

    /** Without it the rest is still worth showing. */
    private @Nullable JsonObject kubernetesJob() {
        try {
            String name = subject.jobName();
            return objects.job(name).read() instanceof Result.Ok<Optional<JobView>> found
                    ? found.value().map(job -> json(name, job)).orElse(null)
                    : null;
        } catch (RefusedException e) {
            return null;
        }
    }

    private static JsonObject json(String name, JobView job) {
        return new JsonObject()
                .put("name", name)
                .put("suspended", job.suspended())
                .put("over", job.over())
                .put("failed", job.failed())
                .put("backoffLimit", job.backoffLimit());
    }

    private static String text(JsonObject all) {
        JsonObject leads = all.getJsonObject("leadership");
        StringJoiner text = new StringJoiner("\n");
        text.add(
                "%s in namespace %s"
                        .formatted(all.getString("clusterId"), all.getString("namespace")));
        line(
                text,
                "leader",
                "%s, epoch %d%s"
                        .formatted(
                                Objects.requireNonNullElse(leads.getString("holder"), "nobody"),
                                leads.getLong("epoch"),
                                leads.getString("renewed") == null
                                        ? ""
                                        : ", renewed at " + leads.getString("renewed")));
        if (leads.getString("since") != null) {
            line(text, "since", leads.getString("since") + ", " + leads.getString("reason"));
        }
        JsonObject wishes = all.getJsonObject("wishes");
        line(text, "paused", Objects.requireNonNullElse(wishes.getString("paused"), "no"));
        if (wishes.getLong("stepDown") != null) {
            line(
                    text,
                    "step-down",
                    "epoch %d is asked to end".formatted(wishes.getLong("stepDown")));
        }
        if (wishes.getString("restoreFrom") != null) {
            line(
                    text,
                    "restore",
                    "%s, asked for after epoch %d"
                            .formatted(
                                    wishes.getString("restoreFrom"),
                                    wishes.getLong("restoreAfter")));
        }
        JsonObject job = all.getJsonObject("job");
        line(text, "job", job == null ? "none" : jobText(job));
        JsonArray checkpoints = all.getJsonArray("checkpoints");
        for (int i = 0; i < checkpoints.size(); i++) {
            JsonObject one = checkpoints.getJsonObject(i);
            line(
                    text,
                    "checkpoint",
                    "%d, %s: %s".formatted(one.getLong("id"), age(one), one.getString("path")));
        }
        JsonObject savepoint = all.getJsonObject("savepoint");
        if (savepoint != null) {
            line(
                    text,
                    "savepoint",
                    "%s: %s".formatted(age(savepoint), savepoint.getString("path")));
        }
        JsonObject kubernetes = all.getJsonObject("kubernetesJob");
        line(text, "Job", kubernetes == null ? "not known" : kubernetesText(kubernetes));
        return text.toString();
    }

    private static void line(StringJoiner text, String name, String value) {
        text.add("  %-11s %s".formatted(name, value));
    }

    private static String age(JsonObject state) {
        Long seconds = state.getLong("ageSeconds");
        return seconds == null ? "of unknown age" : seconds + " s old";
    }

    private static String jobText(JsonObject job) {
        JsonObject result = job.getJsonObject("result");
        return "%s %s, since epoch %d, %s"
                .formatted(
                        job.getString("jobId"),
                        Objects.requireNonNullElse(job.getString("jobName"), "(not named yet)"),
                        job.getLong("firstEpoch"),
                        result == null
                                ? job.getJsonObject("plan") == null
                                        ? "no plan stored"
                                        : "plan stored"
                                : result.getString("status"));
    }

    private static String kubernetesText(JsonObject job) {
        int limit = job.getInteger("backoffLimit");
        return "%s, %s, pods failed: %d%s"
                .formatted(
                        job.getString("name"),
                        job.getBoolean("over")
                                ? "over"
                                : job.getBoolean("suspended") ? "parked" : "active",
                        job.getInteger("failed"),
                        limit == Integer.MAX_VALUE ? "" : " of " + limit);
    }
}
