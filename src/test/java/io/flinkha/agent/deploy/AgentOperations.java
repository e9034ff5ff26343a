package io.flinkha.agent.deploy;

import static io.flinkha.agent.deploy.RealApi.ok;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder.ObjectId;
import io.flinkha.agent.adapter.kubernetes.KubernetesJobController;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaderAddressStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.kubernetes.KubernetesPods;
import io.flinkha.agent.adapter.kubernetes.ObjectNames;
import io.flinkha.agent.contract.Connected;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.Result;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Everything that the agent, and a person's command beside it, asks of the API server, through the
 * adapters that it asks with. Before each, the administrator brings about the state that it is for.
 */
final class AgentOperations {
    private static final String ID = Kustomization.CLUSTER_ID;
    private static final String JOB = "jobmanager";
    private static final Notice NOTICE = new Notice(Notice.Kind.NORMAL, "Tested", "by a test");

    private static final Signal PARK = new Signal.Park(new Parked("any", null));

    private final KubernetesClient admin;
    private final String namespace;

    AgentOperations(KubernetesClient admin, String namespace) {
        this.admin = admin;
        this.namespace = namespace;
    }

    List<Operation> all() {
        return List.of(
                new Operation("read the Lease", api -> leases(api).read()),
                new Operation("create the Lease", this::createLease),
                new Operation("watch the Lease", this::watchLease),
                new Operation("write the Lease", this::writeLease),
                new Operation("write on the Lease what a person wants", this::wish),
                new Operation("read the manifest", api -> manifests(api).read()),
                new Operation("create the manifest", this::createManifest),
                new Operation("write the manifest", this::writeManifest),
                new Operation("read the published epoch", api -> leaderAddresses(api).witness()),
                new Operation("publish for the first time", this::publishFirst),
                new Operation("publish again", this::publishAgain),
                new Operation("read the Job", api -> jobs(api).read()),
                new Operation("fail the Job", api -> send(api, new Signal.FailJob())),
                new Operation("park the Job", api -> send(api, PARK)),
                new Operation("give the Job up", api -> send(api, new Signal.GiveUp())),
                new Operation("read a pod", api -> pods(api).read("jobmanager-0")),
                new Operation("record an Event", this::recordEvent));
    }

    private KubernetesLeaseStore leases(KubernetesClient api) {
        return new KubernetesLeaseStore(Connected.as(api), namespace, ID);
    }

    private KubernetesManifestStore manifests(KubernetesClient api) {
        return new KubernetesManifestStore(Connected.as(api), namespace, ID);
    }

    private KubernetesLeaderAddressStore leaderAddresses(KubernetesClient api) {
        return new KubernetesLeaderAddressStore(Connected.as(api), namespace, ID);
    }

    private KubernetesJobController jobs(KubernetesClient api) {
        return new KubernetesJobController(Connected.as(api), namespace, JOB);
    }

    private KubernetesPods pods(KubernetesClient api) {
        return new KubernetesPods(Connected.as(api), namespace);
    }

    private Result<?> createLease(KubernetesClient api) {
        deleteLease();
        return leases(api).createEmpty();
    }

    /** By name: neither list nor watch of others is granted. */
    private Result<?> watchLease(KubernetesClient api) {
        deleteLease();
        ok(leases(admin).createEmpty());
        BlockingQueue<Result<?>> seen = new LinkedBlockingQueue<>();
        Thread follower =
                new Thread(() -> {
                    Runnable told = () -> seen.add(new Result.Ok<>(ID));
                    seen.add(leases(api).follow(told));
                });
        follower.start();
        try {
            return seen.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            follower.interrupt();
        }
    }

    private void deleteLease() {
        admin.leases().inNamespace(namespace).withName(ID).delete();
    }

    private Result<?> writeLease(KubernetesClient api) {
        deleteLease();
        String version = ok(leases(admin).createEmpty()).version();
        KubernetesLeaseStore leases = leases(api);
        Result<?> read = leases.read();
        return read instanceof Result.Ok
                ? leases.write(new LeaseRecord("jm/u1", "n1", 1, 0, 0, 60, version))
                : read;
    }

    /** kubectl exec into the agent's container has the agent's rights. */
    private Result<?> wish(KubernetesClient api) {
        deleteLease();
        String version = ok(leases(admin).createEmpty()).version();
        Wishes wishes = new Wishes("a test", 0, "", 0);
        return new KubernetesObjects(Connected.as(api), namespace, ID).wish(wishes, version);
    }

    private void deleteConfigMap(String name) {
        admin.configMaps().inNamespace(namespace).withName(name).delete();
    }

    private Result<?> createManifest(KubernetesClient api) {
        deleteConfigMap(ObjectNames.manifest(ID));
        return manifests(api).createEmpty();
    }

    private Result<?> writeManifest(KubernetesClient api) {
        deleteConfigMap(ObjectNames.manifest(ID));
        return manifests(api).write(Manifest.EMPTY, ok(manifests(admin).createEmpty()));
    }

    private Result<?> publishFirst(KubernetesClient api) {
        deleteConfigMap(Kustomization.LEADER);
        return publish(api);
    }

    private Result<?> publishAgain(KubernetesClient api) {
        ok(publish(admin));
        return publish(api);
    }

    private Result<Long> publish(KubernetesClient api) {
        return leaderAddresses(api).publish(1, UUID.randomUUID(), Map.of("dispatcher", "a"), null);
    }

    private Result<?> send(KubernetesClient api, Signal signal) {
        JobView seen = ok(jobs(admin).read()).orElseThrow();
        return jobs(api).send(signal, seen);
    }

    /** A recorder says nothing about what became of it. */
    private Result<?> recordEvent(KubernetesClient api) {
        String uid = UUID.randomUUID().toString();
        new KubernetesEventRecorder(
                        Connected.as(api), namespace, new ObjectId("jobmanager-0", uid), null)
                .record(NOTICE);
        List<Event> events =
                admin.events().v1().events().inNamespace(namespace).list().getItems().stream()
                        .filter(event -> event.getRegarding().getUid().equals(uid))
                        .toList();
        return events.isEmpty()
                ? new Result.Failed<>(Outcome.FORBIDDEN, "not there")
                : new Result.Ok<>(events);
    }
}
