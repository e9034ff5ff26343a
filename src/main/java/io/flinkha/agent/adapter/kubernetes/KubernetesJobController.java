package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.JobController;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Job of {@code batch/v1}. A patch carries nothing but its one field, so that it cannot undo
 * what others set, and the version that it was decided on, so that it cannot overrule them unread.
 */
public final class KubernetesJobController implements JobController {
    private static final Set<String> OVER =
            Set.of("Failed", "FailureTarget", "Complete", "SuccessCriteriaMet");

    /** What the API server fills in; only objects that never met one lack it. */
    private static final int DEFAULT_BACKOFF_LIMIT = 6;

    private static final int UNPROCESSABLE = 422;

    private final ApiServer.Resources jobs;
    private final String name;

    public KubernetesJobController(ApiServer server, String namespace, String jobName) {
        this.jobs = server.resources(Kind.JOB, namespace);
        this.name = jobName;
    }

    @Override
    public Result<Optional<JobView>> read() {
        return ApiCall.of(() -> jobs.get(name).map(KubernetesJobController::view));
    }

    @Override
    public Result<JobView> send(Signal signal, JobView seen) {
        return switch (signal) {
            case Signal.FailJob() -> set("backoffLimit", seen.failed(), seen);
            case Signal.Park park -> suspend(true, seen);
            case Signal.GiveUp() -> set("activeDeadlineSeconds", 1, seen);
        };
    }

    public Result<JobView> suspend(boolean suspended, JobView seen) {
        return set("suspend", suspended, seen);
    }

    private Result<JobView> set(String field, Object value, JobView seen) {
        JsonObject preconditions =
                new JsonObject().put("uid", seen.uid()).put("resourceVersion", seen.version());
        JsonObject patch =
                new JsonObject()
                        .put("metadata", preconditions)
                        .put("spec", new JsonObject().put(field, value));
        return ApiCall.of(() -> view(patched(patch)));
    }

    /**
     * A stale version is a 409, but a wrong UID is an attempt to change what is immutable. With
     * both wrong, as after the Job was made anew, the API server finds the version first.
     */
    private ApiObject patched(JsonObject patch) {
        try {
            return jobs.merge(name, patch);
        } catch (ApiException e) {
            throw e.code() == UNPROCESSABLE && e.isAbout("metadata.uid")
                    ? e.as(
                            HttpURLConnection.HTTP_CONFLICT,
                            "The Job is another one by now: " + e.getMessage())
                    : e;
        }
    }

    private static JobView view(ApiObject job) {
        JsonObject spec = job.part("spec");
        JsonObject status = job.part("status");
        List<JsonObject> conditions = ApiObject.list(status, "conditions").toList();
        return new JobView(
                job.uid(),
                job.version(),
                spec.getBoolean("suspend", false),
                job.isBeingDeleted(),
                conditions.stream().anyMatch(c -> OVER.contains(c.getString("type")) && isTrue(c)),
                status.getInteger("failed", 0),
                spec.getInteger("backoffLimit", DEFAULT_BACKOFF_LIMIT),
                conditions.stream()
                        .filter(KubernetesJobController::isResumption)
                        .map(condition -> condition.getString("lastTransitionTime"))
                        .findFirst()
                        .orElse(null),
                conditions.stream().anyMatch(c -> isSuspension(c) && isTrue(c)));
    }

    private static boolean isSuspension(JsonObject condition) {
        return "Suspended".equals(condition.getString("type"));
    }

    private static boolean isTrue(JsonObject condition) {
        return "True".equals(condition.getString("status"));
    }

    private static boolean isResumption(JsonObject condition) {
        return isSuspension(condition)
                && "False".equals(condition.getString("status"))
                && "JobResumed".equals(condition.getString("reason"));
    }
}
