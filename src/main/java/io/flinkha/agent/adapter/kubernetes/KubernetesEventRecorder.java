package io.flinkha.agent.adapter.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.EventRecorder;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Events of {@code events.k8s.io/v1}. Each is an object of its own: notices are rare, so there is
 * nothing to gain from counting repetitions.
 */
public final class KubernetesEventRecorder implements EventRecorder {
    private static final Logger LOG = Logger.getLogger(KubernetesEventRecorder.class);
    private static final String CONTROLLER = "flinkha.io/agent";

    /** Not the name of what it is about: that may be too long already for something to follow. */
    private static final String NAME_PREFIX = "flink-ha-agent-";

    /** The API server counts bytes, and refuses an Event that has one too many. */
    private static final int MAX_NOTE_BYTES = 1024;

    private static final int MAX_INSTANCE_LENGTH = 128;

    private final ApiServer.Resources events;
    private final String instance;
    private final JsonObject pod;
    private final JsonObject regarding;

    /** The UID makes it this one: {@code kubectl describe} asks for it. */
    public record ObjectId(String name, String uid) {}

    /**
     * @param job null where the pod belongs to none
     */
    public KubernetesEventRecorder(
            ApiServer server, String namespace, ObjectId pod, @Nullable ObjectId job) {
        this.events = server.resources(Kind.EVENT, namespace);
        this.instance = pod.name().substring(0, Math.min(pod.name().length(), MAX_INSTANCE_LENGTH));
        this.pod = reference(namespace, "v1", "Pod", pod);
        this.regarding = job == null ? this.pod : reference(namespace, "batch/v1", "Job", job);
    }

    private static JsonObject reference(
            String namespace, String apiVersion, String kind, ObjectId object) {
        return new JsonObject()
                .put("apiVersion", apiVersion)
                .put("kind", kind)
                .put("namespace", namespace)
                .put("name", object.name())
                .put("uid", object.uid());
    }

    @Override
    public void record(Notice notice) {
        try {
            events.create(event(notice));
        } catch (RuntimeException e) {
            // Of whatever kind: nothing of what the agent does may depend on an Event.
            LOG.warnf(
                    "An Event could not be written, it would have said: %s: %s (%s)",
                    notice.reason(), notice.message(), ApiCall.why(e));
        }
    }

    private ApiObject event(Notice notice) {
        return new ApiObject(
                new JsonObject()
                        .put("metadata", new JsonObject().put("generateName", NAME_PREFIX))
                        .put("eventTime", ApiObject.microTime(Instant.now()))
                        .put("reportingController", CONTROLLER)
                        .put("reportingInstance", instance)
                        .put("regarding", regarding)
                        .put("related", pod)
                        .put(
                                "type",
                                switch (notice.kind()) {
                                    case NORMAL -> "Normal";
                                    case WARNING -> "Warning";
                                })
                        .put("reason", notice.reason())
                        // Required, and a reason like JobFailed says already what was done.
                        .put("action", notice.reason())
                        .put("note", cut(notice.message())));
    }

    /** As much of the text as fits, in whole characters. */
    private static String cut(String text) {
        CharBuffer rest = CharBuffer.wrap(text);
        UTF_8.newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(rest, ByteBuffer.allocate(MAX_NOTE_BYTES), true);
        return text.substring(0, rest.position());
    }
}
