package io.flinkha.agent.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder.ObjectId;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.EventRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventRecorderContractTest {
    private static final Notice ELECTED =
            new Notice(Notice.Kind.NORMAL, "LeaderElection", "became leader of epoch 7");
    private static final Notice PARKED =
            new Notice(Notice.Kind.WARNING, "JobSignalled", "5 restarts in 10 minutes");
    private static final int LIMIT = 1024;

    static List<BatchBackend> backends() {
        return BatchBackend.all();
    }

    static List<BatchCluster> clusters() {
        return BatchBackend.clusters();
    }

    static List<BatchBackend> unreachable() {
        return BatchBackend.unreachable();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatIsRecordedCanBeRead(BatchBackend backend) {
        var events = backend.events();
        events.record(ELECTED);
        events.record(PARKED);
        assertEquals(List.of(ELECTED, PARKED), backend.notices());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatHappensTwiceIsRecordedTwice(BatchBackend backend) {
        var events = backend.events();
        events.record(PARKED);
        events.record(PARKED);
        assertEquals(List.of(PARKED, PARKED), backend.notices());
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void aFailureIsKeptFromTheCaller(BatchBackend backend) {
        backend.events().record(PARKED);
    }

    @Test
    void aFailureIsALogLineThatKeepsTheMessage() {
        assertLogged(unreachable().getLast().events(), "Connection refused");
    }

    @Test
    void aRefusalIsALogLineThatSaysWhy() {
        Status refusal =
                new StatusBuilder().withCode(403).withMessage("events are not for you").build();
        KubernetesMockServer server = new KubernetesMockServer(false);
        server.init();
        try (KubernetesClient client = server.createClient()) {
            server.expect()
                    .post()
                    .withPath("/apis/events.k8s.io/v1/namespaces/default/events")
                    .andReturn(403, refusal)
                    .once();
            ObjectId pod = new ObjectId("jm-0", "u");
            assertLogged(
                    new KubernetesEventRecorder(Connected.as(client), "default", pod, null),
                    "(403 events are not for you)");
        } finally {
            server.destroy();
        }
    }

    private static void assertLogged(EventRecorder events, String why) {
        List<String> lines = new ArrayList<>();
        Handler handler = new Lines(lines);
        Logger log = Logger.getLogger(KubernetesEventRecorder.class.getName());
        log.addHandler(handler);
        try {
            events.record(PARKED);
        } finally {
            log.removeHandler(handler);
        }
        assertEquals(1, lines.size(), lines::toString);
        String line = lines.getFirst();
        assertTrue(line.startsWith("WARN"), line);
        assertTrue(line.contains("JobSignalled: 5 restarts in 10 minutes"), line);
        assertTrue(line.contains(why), line);
    }

    private static final class Lines extends Handler {
        private final List<String> lines;

        Lines(List<String> lines) {
            this.lines = lines;
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord line) {
            Object[] values = line.getParameters();
            String text = line.getMessage();
            lines.add(
                    line.getLevel() + " " + (values == null ? text : String.format(text, values)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** The rest is the form of the object, which the fake does not have. */
    @ParameterizedTest
    @MethodSource("clusters")
    void anEventIsOnTheJobWithThePodBesideIt(BatchCluster cluster) {
        Event event = written(cluster, cluster.jobName(), PARKED);
        assertReference(event.getRegarding(), "batch/v1", "Job", cluster.jobName());
        assertReference(event.getRelated(), "v1", "Pod", cluster.podName());
        assertEquals("flinkha.io/agent", event.getReportingController());
        assertEquals(cluster.podName(), event.getReportingInstance());
        assertEquals("JobSignalled", event.getAction());
        assertEquals("Warning", event.getType());
        assertTrue(event.getMetadata().getName().startsWith("flink-ha-agent-"));
        assertTrue(
                event.getEventTime()
                        .getTime()
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"),
                event.getEventTime()::getTime);
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void withoutAJobItIsOnThePod(BatchCluster cluster) {
        Event event = written(cluster, null, ELECTED);
        assertReference(event.getRegarding(), "v1", "Pod", cluster.podName());
        assertReference(event.getRelated(), "v1", "Pod", cluster.podName());
        assertEquals("Normal", event.getType());
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void aNoteIsCutToWhatIsAllowedInWholeCharacters(BatchCluster cluster) {
        String ascii = "x".repeat(LIMIT);
        assertEquals(ascii, note(cluster, ascii));
        assertEquals(ascii, note(cluster, ascii + "y"));
        for (String wide : List.of("ä", "→", "🛑")) {
            String cut = note(cluster, "a" + wide.repeat(LIMIT));
            int width = wide.getBytes(UTF_8).length;
            assertEquals("a" + wide.repeat((LIMIT - 1) / width), cut);
        }
        assertEquals("", String.valueOf(note(cluster, "")).replace("null", ""));
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void longNamesAreCutWhereTheyMayNotBeLong(BatchCluster cluster) {
        String longest = cluster.podName() + "-" + "p".repeat(252 - cluster.podName().length());
        cluster.events(new ObjectId(longest, "u-" + longest), null).record(ELECTED);
        Event event = cluster.written().getLast();
        assertEquals(longest, event.getRegarding().getName());
        assertEquals(longest.substring(0, 128), event.getReportingInstance());
    }

    private static String note(BatchCluster cluster, String message) {
        Notice notice = new Notice(Notice.Kind.NORMAL, "Said", message);
        return written(cluster, cluster.jobName(), notice).getNote();
    }

    private static Event written(BatchCluster cluster, @Nullable String job, Notice notice) {
        cluster.events(
                        new ObjectId(cluster.podName(), "uid-of-" + cluster.podName()),
                        job == null ? null : new ObjectId(job, "uid-of-" + job))
                .record(notice);
        return cluster.written().getLast();
    }

    private static void assertReference(
            ObjectReference reference, String apiVersion, String kind, String name) {
        assertEquals(apiVersion, reference.getApiVersion());
        assertEquals(kind, reference.getKind());
        assertEquals("default", reference.getNamespace());
        assertEquals(name, reference.getName());
        assertEquals("uid-of-" + name, reference.getUid());
    }
}
