package io.flinkha.agent.adapter.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.EventRecorder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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

    /** Exactly six digits, or the API server cannot read it. */
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final String namespace;
    private final String instance;
    private final ObjectReference pod;
    private final ObjectReference regarding;

    /** The UID makes it this one: {@code kubectl describe} asks for it. */
    public record ObjectId(String name, String uid) {}

    /**
     * @param job null where the pod belongs to none
     */
    public KubernetesEventRecorder(
            KubernetesClient client, String namespace, ObjectId pod, @Nullable ObjectId job) {
        this.client = client;
        this.namespace = namespace;
        this.instance = pod.name().substring(0, Math.min(pod.name().length(), MAX_INSTANCE_LENGTH));
        this.pod = reference(namespace, "v1", "Pod", pod);
        this.regarding = job == null ? this.pod : reference(namespace, "batch/v1", "Job", job);
    }

    private static ObjectReference reference(
            String namespace, String apiVersion, String kind, ObjectId object) {
        return new ObjectReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withNamespace(namespace)
                .withName(object.name())
                .withUid(object.uid())
                .build();
    }

    @Override
    public void record(Notice notice) {
        try {
            client.events().v1().events().inNamespace(namespace).resource(event(notice)).create();
        } catch (RuntimeException e) {
            // Of whatever kind: nothing of what the agent does may depend on an Event.
            LOG.warnf(
                    "An Event could not be written, it would have said: %s: %s (%s)",
                    notice.reason(), notice.message(), ApiCall.why(e));
        }
    }

    private Event event(Notice notice) {
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withGenerateName(NAME_PREFIX)
                .endMetadata()
                .withEventTime(new MicroTime(MICROSECONDS.format(Instant.now())))
                .withReportingController(CONTROLLER)
                .withReportingInstance(instance)
                .withRegarding(regarding)
                .withRelated(pod)
                .withType(
                        switch (notice.kind()) {
                            case NORMAL -> "Normal";
                            case WARNING -> "Warning";
                        })
                .withReason(notice.reason())
                // Required, and a reason like JobFailed says already what was done.
                .withAction(notice.reason())
                .withNote(cut(notice.message()))
                .build();
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
