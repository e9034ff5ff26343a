package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.config.AgentSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many pods a Job has: one, or with a standby two. Then it is what Kubernetes calls a work
 * queue, a Job without completions: it can be scaled to one and back, but never becomes the other.
 */
final class Parallelism {
    private static final String PARALLELISM = "parallelism";
    private static final String COMPLETIONS = "completions";
    private static final String STANDBY =
            JobAnnotations.PREFIX + AgentSettings.WARM_STANDBY.annotation();

    private final String where;
    private final boolean standby;

    Parallelism(String where, boolean standby) {
        this.where = where;
        this.standby = standby;
    }

    /**
     * @param spec gets what is added to a Job
     * @param before that of the injected Job that is there; null for a new one
     */
    void set(ObjectNode spec, @Nullable JsonNode before, List<String> warnings)
            throws NotInjectableException {
        refuse(spec, before);
        JsonNode wanted = standby ? wanted(spec, before) : MissingNode.getInstance();
        Additions.job(standby)
                .properties()
                .forEach(field -> {
                    if (field.getValue().isNull()) {
                        spec.remove(field.getKey());
                    } else {
                        spec.set(field.getKey(), field.getValue());
                    }
                });
        if (!wanted.isMissingNode()) {
            spec.set(PARALLELISM, wanted);
        }
        if (standby && spec.path(PARALLELISM).asInt() == 1) {
            warnings.add(
                    "%s has annotation %s and spec.parallelism 1: no second JobManager waits until that is 2."
                            .formatted(where, STANDBY));
        }
    }

    /**
     * What the manifest says; missing where it says nothing, and nothing is there. A Job that says
     * neither of both comes with 1 and 1, which the API server puts there: then a person may have
     * scaled it.
     */
    private static JsonNode wanted(JsonNode spec, @Nullable JsonNode before) {
        JsonNode said = spec.path(PARALLELISM);
        boolean unsaid =
                !spec.hasNonNull(PARALLELISM)
                        || (said.asInt() == 1 && spec.hasNonNull(COMPLETIONS));
        if (!unsaid) {
            return said;
        }
        return before == null ? MissingNode.getInstance() : before.path(PARALLELISM);
    }

    private void refuse(JsonNode spec, @Nullable JsonNode before) throws NotInjectableException {
        if (before != null && standby == before.hasNonNull(COMPLETIONS)) {
            throw new NotInjectableException(
                    "%s was made %s annotation %s: \"true\", and no Job can be changed from one to the other: delete it and apply it again, its state stays."
                            .formatted(where, standby ? "without" : "with", STANDBY));
        }
        for (String field : List.of(COMPLETIONS, PARALLELISM)) {
            int said = spec.path(field).asInt(1);
            boolean two = standby && field.equals(PARALLELISM);
            if (said != 1 && !(two && said == 2)) {
                throw new NotInjectableException(
                        "%s has spec.%s %d: %s.".formatted(where, field, said, instead(two)));
            }
        }
        if (standby && spec.path("completionMode").asText().equals("Indexed")) {
            throw new NotInjectableException(
                    "%s has spec.completionMode Indexed: %s.".formatted(where, instead(false)));
        }
    }

    private String instead(boolean two) {
        if (!standby) {
            return "there is one JobManager, set it to 1; annotation %s: \"true\" gives a second one, which waits"
                    .formatted(STANDBY);
        }
        return two
                ? "annotation %s asks for two JobManagers, set it to 2".formatted(STANDBY)
                : "with annotation %s the Job is complete once one of its two pods has succeeded, leave it out"
                        .formatted(STANDBY);
    }
}
