package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.config.AgentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives a Job that asks for it the agent and what goes with it. */
public final class Injection {
    /** On the Job or on its template, {@code "true"}. */
    public static final String INJECT = JobAnnotations.PREFIX + "inject";

    private static final String INJECTED = JobAnnotations.PREFIX + "injected";
    private static final String CLUSTER_ID = JobAnnotations.PREFIX + AgentSettings.CLUSTER_ID.key();

    private final String agentImage;
    private final String storageUri;
    private final BooleanSupplier restartRules;

    /**
     * @param agentImage where a Job names no other
     * @param storageUri where a Job names none; may be empty
     * @param restartRules whether this Kubernetes knows those of a container, as far as it is known
     */
    public Injection(String agentImage, String storageUri, BooleanSupplier restartRules) {
        this.agentImage = agentImage;
        this.storageUri = storageUri;
        this.restartRules = restartRules;
    }

    /** The Job with its agent, and what its owner should know. */
    public record Injected(ObjectNode job, List<String> warnings) {}

    /** Whether the object, of whatever kind, asks for it. */
    public static boolean isAskedFor(JsonNode object) {
        return Stream.of(object, template(object))
                .anyMatch(part ->
                        part.path("metadata").path("labels").path(INJECT).asText().equals("true"));
    }

    private static JsonNode template(JsonNode job) {
        return job.path("spec").path("template");
    }

    /**
     * A manifest that is applied again over the Job that was made of it. Its template is immutable:
     * it has restart rules if it was made with them, whatever this Kubernetes knows by now. What a
     * person scaled stays, unless the manifest says otherwise.
     *
     * @param before the Job as it is; what the agent told it stays
     */
    public Injected again(JsonNode given, JsonNode before) throws NotInjectableException {
        Injected injected = into(given, before, hasRestartRules(before));
        JsonNode limit = before.path("spec").path("backoffLimit");
        if (!limit.isMissingNode()) {
            injected.job().withObjectProperty("spec").set("backoffLimit", limit);
        }
        return injected;
    }

    private static boolean hasRestartRules(JsonNode job) {
        return Json.items(template(job).path("spec").path("containers"))
                .anyMatch(container -> container.has("restartPolicyRules"));
    }

    public Injected into(JsonNode given) throws NotInjectableException {
        return into(given, null, restartRules.getAsBoolean());
    }

    private Injected into(JsonNode given, @Nullable JsonNode before, boolean rules)
            throws NotInjectableException {
        if (!given.path("kind").asText().equals("Job")) {
            throw new NotInjectableException(
                    "%s %s: the agent runs in a batch/v1 Job only, which replaces a JobManager that is lost and ends with it; make it one."
                            .formatted(
                                    given.path("kind").asText(),
                                    Json.name(given.path("metadata"))));
        }
        ObjectNode job = given.deepCopy();
        String where = "Job " + Json.name(job.path("metadata"));
        JobAnnotations annotations =
                JobAnnotations.of(job, new JobAnnotations.Defaults(agentImage, storageUri, rules));
        ObjectNode spec = job.withObjectProperty("spec");
        List<String> warnings = new ArrayList<>();
        check(spec, where, warnings);
        new Parallelism(where, annotations.standby())
                .set(
                        spec,
                        before != null && isInjected(before) ? before.path("spec") : null,
                        warnings);
        boolean again = isInjected(job);
        ObjectNode template = spec.withObjectProperty("template");
        new InjectedPod(where, template.withObjectProperty("spec"), annotations, again)
                .inject(warnings);
        label(job, template, annotations);
        return new Injected(job, warnings);
    }

    private static boolean isInjected(JsonNode job) {
        return template(job).path("metadata").path("labels").has(INJECTED);
    }

    private static void check(JsonNode spec, String where, List<String> warnings)
            throws NotInjectableException {
        if (spec.has("podFailurePolicy")) {
            throw new NotInjectableException(
                    "%s has a podFailurePolicy, which would wait for ever for the pod of a lost node: take it out, the agent tells the Job when to fail."
                            .formatted(where));
        }
        if (spec.has("activeDeadlineSeconds")) {
            warnings.add(
                    "%s has activeDeadlineSeconds: it fails then, however well the job runs."
                            .formatted(where));
        }
    }

    /** Pods are not asked for again: what replaces a lost one must not wait for the injector. */
    private static void label(ObjectNode job, ObjectNode template, JobAnnotations annotations) {
        job.withObjectProperty("metadata").withObjectProperty("labels").put(INJECT, "true");
        ObjectNode labels = template.withObjectProperty("metadata").withObjectProperty("labels");
        labels.remove(INJECT);
        labels.put(INJECTED, "true");
        labels.put(CLUSTER_ID, annotations.place().clusterId());
        annotations.annotate(job.withObjectProperty("metadata").withObjectProperty("annotations"));
    }
}
