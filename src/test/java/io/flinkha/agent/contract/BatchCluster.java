package io.flinkha.agent.contract;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder.ObjectId;
import io.flinkha.agent.adapter.kubernetes.KubernetesJobController;
import io.flinkha.agent.adapter.kubernetes.KubernetesPods;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.JobController;
import io.flinkha.agent.port.Pods;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects in an API server, or in fabric8's mock of one. Nobody else acts on them: the Job is
 * managed by somebody who does not exist, and no scheduler knows the pod.
 */
final class BatchCluster extends BatchBackend {
    private static final String NAMESPACE = "default";
    private static final String NOBODY = "flinkha.io/nobody";
    private static final String AT = "2026-11-22T10:00:00Z";

    private final KubernetesClient client;
    private final String id = "batch-" + UUID.randomUUID().toString().substring(0, 8);
    private final boolean answers;
    private boolean hasJob;
    private boolean hasPod;
    private @Nullable String eventsOf;

    BatchCluster(String name, KubernetesClient client) {
        this(name, client, true);
    }

    /**
     * @param answers whether there is anything to tidy up in
     */
    BatchCluster(String name, KubernetesClient client, boolean answers) {
        super(name);
        this.client = client;
        this.answers = answers;
    }

    String jobName() {
        return id;
    }

    @Override
    String podName() {
        return id + "-0";
    }

    @Override
    JobController jobs() {
        return new KubernetesJobController(Connected.as(client), NAMESPACE, jobName());
    }

    @Override
    Pods pods() {
        return new KubernetesPods(Connected.as(client), NAMESPACE);
    }

    @Override
    EventRecorder events() {
        return events(
                new ObjectId(podName(), "uid-of-" + podName()),
                new ObjectId(jobName(), "uid-of-" + jobName()));
    }

    EventRecorder events(ObjectId pod, @Nullable ObjectId job) {
        eventsOf = (job == null ? pod : job).uid();
        return new KubernetesEventRecorder(Connected.as(client), NAMESPACE, pod, job);
    }

    @Override
    List<Notice> notices() {
        return written().stream()
                .map(event ->
                        new Notice(
                                event.getType().equals("Warning")
                                        ? Notice.Kind.WARNING
                                        : Notice.Kind.NORMAL,
                                event.getReason(),
                                event.getNote()))
                .toList();
    }

    /** The Events themselves, oldest first. */
    List<Event> written() {
        return client.events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> event.getRegarding() != null)
                .filter(event -> String.valueOf(event.getRegarding().getUid()).equals(eventsOf))
                .sorted(Comparator.comparing(event -> event.getEventTime().getTime()))
                .toList();
    }

    private Resource<Job> job() {
        return client.batch().v1().jobs().inNamespace(NAMESPACE).withName(jobName());
    }

    private Resource<Pod> pod() {
        return client.pods().inNamespace(NAMESPACE).withName(podName());
    }

    @Override
    void createJob() {
        Job job =
                new JobBuilder()
                        .withNewMetadata()
                        .withName(jobName())
                        .withNamespace(NAMESPACE)
                        .withUid(UUID.randomUUID().toString())
                        .endMetadata()
                        .withNewSpec()
                        .withManagedBy(NOBODY)
                        .withBackoffLimit(NO_LIMIT)
                        .withNewTemplate()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName(MAIN)
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        client.batch().v1().jobs().inNamespace(NAMESPACE).resource(job).create();
        hasJob = true;
    }

    @Override
    void setJobStatus(int failed, Condition... conditions) {
        boolean complete = Stream.of(conditions).anyMatch(c -> c.type().equals("Complete"));
        Job next =
                new JobBuilder(job().get())
                        .withNewStatus()
                        .withStartTime(AT)
                        .withCompletionTime(complete ? AT : null)
                        .withFailed(failed)
                        .withConditions(Stream.of(conditions).map(BatchCluster::condition).toList())
                        .endStatus()
                        .build();
        client.batch().v1().jobs().inNamespace(NAMESPACE).resource(next).updateStatus();
    }

    private static JobCondition condition(Condition condition) {
        return new JobConditionBuilder()
                .withType(condition.type())
                .withStatus(condition.status())
                .withReason(condition.reason())
                .withLastTransitionTime(condition.since())
                .build();
    }

    @Override
    void suspendJob() {
        job().edit(job -> new JobBuilder(job).editSpec().withSuspend(true).endSpec().build());
    }

    @Override
    void deleteJob() {
        job().edit(job ->
                new JobBuilder(job).editMetadata().withFinalizers(NOBODY).endMetadata().build());
        job().delete();
    }

    @Override
    void replaceJob() {
        job().delete();
        createJob();
    }

    @Override
    String createPod() {
        Pod pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withName(podName())
                        .withNamespace(NAMESPACE)
                        .withUid(UUID.randomUUID().toString())
                        .endMetadata()
                        .withNewSpec()
                        .withSchedulerName("nobody")
                        .withRestartPolicy("Never")
                        .withContainers(
                                CONTAINERS.stream()
                                        .map(name ->
                                                new ContainerBuilder()
                                                        .withName(name)
                                                        .withImage("none")
                                                        .build())
                                        .toList())
                        .addNewInitContainer()
                        .withName(SIDECAR)
                        .withImage("none")
                        .withRestartPolicy("Always")
                        .endInitContainer()
                        .endSpec()
                        .build();
        Pod created = client.pods().inNamespace(NAMESPACE).resource(pod).create();
        hasPod = true;
        return created.getMetadata().getUid();
    }

    @Override
    void setPodStatus(String phase, List<Container> containers) {
        Pod next =
                new PodBuilder(pod().get())
                        .withNewStatus()
                        .withPhase(phase)
                        .withContainerStatuses(statuses(containers, false))
                        .withInitContainerStatuses(statuses(containers, true))
                        .endStatus()
                        .build();
        client.pods().inNamespace(NAMESPACE).resource(next).updateStatus();
    }

    private static List<ContainerStatus> statuses(List<Container> containers, boolean init) {
        return containers.stream()
                .filter(container -> container.name().equals(SIDECAR) == init)
                .map(container ->
                        new ContainerStatusBuilder()
                                .withName(container.name())
                                .withImage("none")
                                .withImageID("")
                                .withReady(false)
                                .withState(state(container.state()))
                                .build())
                .toList();
    }

    private static @Nullable ContainerState state(@Nullable State state) {
        return switch (state) {
            case null -> null;
            case State.Waiting() ->
                    new ContainerStateBuilder().withNewWaiting("", "PodInitializing").build();
            case State.Running() -> new ContainerStateBuilder().withNewRunning(AT).build();
            case State.Ended(int exitCode, String reason, String at) ->
                    new ContainerStateBuilder()
                            .withNewTerminated()
                            .withExitCode(exitCode)
                            .withReason(reason)
                            .withFinishedAt(at)
                            .endTerminated()
                            .build();
        };
    }

    @Override
    void deletePod() {
        pod().edit(pod ->
                new PodBuilder(pod).editMetadata().withFinalizers(NOBODY).endMetadata().build());
        pod().delete();
    }

    @Override
    public void close() {
        if (hasJob) {
            remove(job());
        }
        if (hasPod) {
            remove(pod());
        }
        if (eventsOf != null && answers) {
            written()
                    .forEach(event ->
                            client.events()
                                    .v1()
                                    .events()
                                    .inNamespace(NAMESPACE)
                                    .resource(event)
                                    .delete());
        }
    }

    private static <T extends HasMetadata> void remove(Resource<T> resource) {
        T found = resource.get();
        if (found == null) {
            return;
        }
        if (found.isMarkedForDeletion()) {
            resource.edit(held -> {
                held.getMetadata().setFinalizers(List.of());
                return held;
            });
        } else {
            resource.delete();
        }
    }
}
