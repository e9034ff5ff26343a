package io.flinkha.agent.contract;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.JobController;
import io.flinkha.agent.port.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Backend} is to the agent's own objects, for a Job, its pod and their Events: the
 * ports, and the hands of everybody else who writes there. JUnit closes it after each test, which
 * removes what the test made.
 */
abstract class BatchBackend implements AutoCloseable {
    /** The JobManager's container. */
    static final String MAIN = "jobmanager";

    static final String LOGS = "log-shipper";

    /** An init container that stays: a native sidecar. */
    static final String SIDECAR = "flink-ha-agent";

    static final List<String> CONTAINERS = List.of(MAIN, LOGS);
    static final int NO_LIMIT = Integer.MAX_VALUE;

    private static @Nullable KubernetesClient mockClient;
    private static @Nullable KubernetesClient realClient;
    private static @Nullable KubernetesClient deadClient;

    private final String name;

    BatchBackend(String name) {
        this.name = name;
    }

    record Condition(String type, String status, String reason, String since) {}

    sealed interface State {
        record Waiting() implements State {}

        record Running() implements State {}

        record Ended(int exitCode, String reason, String at) implements State {}
    }

    record Container(String name, State state) {}

    abstract JobController jobs();

    abstract Pods pods();

    abstract EventRecorder events();

    /** What was recorded, oldest first. */
    abstract List<Notice> notices();

    /** With {@link #NO_LIMIT} for failed pods, as the manifests of this project have it. */
    abstract void createJob();

    abstract void setJobStatus(int failed, Condition... conditions);

    abstract void suspendJob();

    /** Marks it for deletion; something holds it. */
    abstract void deleteJob();

    /** Another Job of the same name. */
    abstract void replaceJob();

    /** Returns its UID. */
    abstract String createPod();

    abstract String podName();

    abstract void setPodStatus(String phase, List<Container> containers);

    /** Marks it for deletion; something holds it. */
    abstract void deletePod();

    @Override
    public abstract void close();

    @Override
    public String toString() {
        return name;
    }

    /** For {@code @MethodSource}: all that are at hand. */
    static List<BatchBackend> all() {
        List<BatchBackend> all = new ArrayList<>();
        all.add(new Fake());
        all.addAll(clusters());
        return all;
    }

    /** Those that keep real objects. */
    static List<BatchCluster> clusters() {
        return Stream.concat(
                        Stream.of(new BatchCluster("fabric8's CRUD mock", mock())),
                        realClusters().stream())
                .toList();
    }

    /** The CRUD mock checks the version of a patch, but takes any UID. */
    static List<BatchBackend> checkingUids() {
        List<BatchBackend> checking = new ArrayList<>();
        checking.add(new Fake());
        checking.addAll(realClusters());
        return checking;
    }

    /** The API server refuses a Job's conditions in combinations that its controller never made. */
    static List<BatchBackend> takingAnyCondition() {
        return List.of(new Fake(), new BatchCluster("fabric8's CRUD mock", mock()));
    }

    static List<BatchBackend> unreachable() {
        Fake fake = new Fake();
        fake.cluster.fail(Outcome.UNREACHABLE);
        return List.of(fake, new BatchCluster("nobody listens", dead(), false));
    }

    private static synchronized KubernetesClient mock() {
        if (mockClient == null) {
            mockClient = MockApi.start().createClient();
        }
        return mockClient;
    }

    private static synchronized KubernetesClient dead() {
        if (deadClient == null) {
            deadClient = client(new ConfigBuilder().withMasterUrl("http://127.0.0.1:1/").build());
        }
        return deadClient;
    }

    private static synchronized List<BatchCluster> realClusters() {
        String kubeconfig = System.getenv("KUBECONFIG");
        if (realClient == null && kubeconfig != null && !kubeconfig.isBlank()) {
            realClient = client(Config.autoConfigure(null));
        }
        KubernetesClient real = realClient;
        return real == null
                ? List.of()
                : List.of(new BatchCluster("API server " + real.getMasterUrl(), real));
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build())
                .build();
    }

    private static final class Fake extends BatchBackend {
        private final FakeCluster cluster = new FakeCluster();
        private PodView pod = new PodView("", false, false);

        Fake() {
            super("the fake");
        }

        @Override
        JobController jobs() {
            return cluster.jobs();
        }

        @Override
        Pods pods() {
            return cluster.pods();
        }

        @Override
        EventRecorder events() {
            return cluster.events();
        }

        @Override
        List<Notice> notices() {
            return cluster.notices();
        }

        @Override
        void createJob() {
            String uid = UUID.randomUUID().toString();
            cluster.job(new JobView(uid, "", false, false, false, 0, NO_LIMIT, null, false));
        }

        private JobView job() {
            JobView job = cluster.job();
            if (job == null) {
                throw new AssertionError("create it first");
            }
            return job;
        }

        @Override
        void setJobStatus(int failed, Condition... conditions) {
            boolean over = false;
            String resumedAt = null;
            boolean shownSuspended = false;
            for (Condition condition : conditions) {
                boolean suspension = condition.type().equals("Suspended");
                over |= !suspension && condition.status().equals("True");
                if (suspension && condition.reason().equals("JobResumed")) {
                    resumedAt = condition.since();
                }
                shownSuspended |= suspension && condition.status().equals("True");
            }
            JobView job = job();
            cluster.job(
                    new JobView(
                            job.uid(),
                            "",
                            job.suspended(),
                            job.deleting(),
                            over,
                            failed,
                            job.backoffLimit(),
                            resumedAt,
                            shownSuspended));
        }

        @Override
        void suspendJob() {
            JobView job = job();
            cluster.job(
                    new JobView(
                            job.uid(),
                            "",
                            true,
                            job.deleting(),
                            job.over(),
                            job.failed(),
                            job.backoffLimit(),
                            job.resumedAt(),
                            job.shownSuspended()));
        }

        @Override
        void deleteJob() {
            JobView job = job();
            cluster.job(
                    new JobView(
                            job.uid(),
                            "",
                            job.suspended(),
                            true,
                            job.over(),
                            job.failed(),
                            job.backoffLimit(),
                            job.resumedAt(),
                            job.shownSuspended()));
        }

        @Override
        void replaceJob() {
            createJob();
        }

        @Override
        String createPod() {
            String uid = UUID.randomUUID().toString();
            put(new PodView(uid, false, false));
            return uid;
        }

        @Override
        String podName() {
            return "jm-0";
        }

        /** The contract once more, in its own words: a container counts if it was seen to end. */
        @Override
        void setPodStatus(String phase, List<Container> containers) {
            int seen = 0;
            boolean anyMain = false;
            for (Container container : containers) {
                anyMain |= !container.name().equals(SIDECAR);
                State.Ended end = container.state() instanceof State.Ended now ? now : null;
                seen += end != null && !end.reason().equals("ContainerStatusUnknown") ? 1 : 0;
            }
            boolean terminal = phase.equals("Failed") || phase.equals("Succeeded");
            boolean ended = terminal && anyMain && seen == containers.size();
            put(new PodView(pod.uid(), pod.deleting(), ended));
        }

        @Override
        void deletePod() {
            put(new PodView(pod.uid(), true, pod.ended()));
        }

        private void put(PodView next) {
            pod = next;
            cluster.pod(podName(), next);
        }

        @Override
        public void close() {}
    }
}
