package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
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
    static final ResourceDefinitionContext JOBS = Untyped.namespaced("batch", "v1", "Job", "jobs");
    private static final Set<String> OVER =
            Set.of("Failed", "FailureTarget", "Complete", "SuccessCriteriaMet");
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    /** What the API server fills in; only objects that never met one lack it. */
    private static final int DEFAULT_BACKOFF_LIMIT = 6;

    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    public KubernetesJobController(KubernetesClient client, String namespace, String jobName) {
        this.client = client;
        this.namespace = namespace;
        this.name = jobName;
    }

    @Override
    public Result<Optional<JobView>> read() {
        return ApiCall.of(() ->
                Optional.ofNullable(
                                client.genericKubernetesResources(JOBS)
                                        .inNamespace(namespace)
                                        .withName(name)
                                        .get())
                        .map(KubernetesJobController::view));
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
        String patch =
                new JsonObject()
                        .put("metadata", preconditions)
                        .put("spec", new JsonObject().put(field, value))
                        .encode();
        return ApiCall.of(() -> view(patched(patch)));
    }

    /** Addressed by an object, not by name: fabric8 would read the Job first to patch that. */
    private GenericKubernetesResource patched(String patch) {
        GenericKubernetesResource address =
                new GenericKubernetesResourceBuilder()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .build();
        try {
            return client.genericKubernetesResources(JOBS)
                    .inNamespace(namespace)
                    .resource(address)
                    .patch(MERGE, patch);
        } catch (KubernetesClientException e) {
            throw isAboutAnotherUid(e) ? conflict(e) : e;
        }
    }

    /**
     * A stale version is a 409, but a wrong UID is an attempt to change what is immutable. With
     * both wrong, as after the Job was made anew, the API server finds the version first.
     */
    private static boolean isAboutAnotherUid(KubernetesClientException e) {
        if (e.getCode() != UNPROCESSABLE || e.getStatus() == null) {
            return false;
        }
        StatusDetails details = e.getStatus().getDetails();
        List<StatusCause> causes = details == null ? List.of() : details.getCauses();
        return causes.stream().anyMatch(cause -> "metadata.uid".equals(cause.getField()));
    }

    private static KubernetesClientException conflict(KubernetesClientException e) {
        return new KubernetesClientException(
                "The Job is another one by now: " + e.getMessage(),
                e,
                HttpURLConnection.HTTP_CONFLICT,
                e.getStatus(),
                null);
    }

    private static JobView view(GenericKubernetesResource resource) {
        Untyped job = new Untyped(resource);
        JsonObject spec = job.part("spec");
        JsonObject status = job.part("status");
        List<JsonObject> conditions = Untyped.list(status, "conditions").toList();
        return new JobView(
                job.metadata().getUid(),
                job.metadata().getResourceVersion(),
                spec.getBoolean("suspend", false),
                job.metadata().getDeletionTimestamp() != null,
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
