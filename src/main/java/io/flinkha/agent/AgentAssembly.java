package io.flinkha.agent;

import io.flinkha.agent.adapter.jobmanager.ControlApi;
import io.flinkha.agent.adapter.jobmanager.FileJobManagerLock;
import io.flinkha.agent.adapter.jobmanager.FileSupervisor;
import io.flinkha.agent.adapter.jobmanager.PlanTransfer;
import io.flinkha.agent.adapter.jobmanager.RunDirectory;
import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.metrics.AgentMetrics;
import io.flinkha.agent.adapter.status.StatusPage;
import io.flinkha.agent.adapter.storage.BlobManifestMirror;
import io.flinkha.agent.adapter.storage.BlobPlanStore;
import io.flinkha.agent.adapter.storage.BlobWitness;
import io.flinkha.agent.adapter.storage.CopySeal;
import io.flinkha.agent.adapter.storage.SelfTest;
import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.CheckedConfig.ObjectStore;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.Witness;
import io.flinkha.agent.runtime.EventLoop;
import io.flinkha.agent.runtime.EventNotices;
import io.flinkha.agent.runtime.LeaseWatch;
import io.flinkha.agent.runtime.MirrorWriter;
import io.flinkha.agent.runtime.MonotonicClock;
import io.flinkha.agent.runtime.PlanCleanup;
import io.flinkha.agent.runtime.Ports;
import io.flinkha.agent.runtime.StorageCheck;
import io.flinkha.agent.runtime.TakeoverLog;
import io.flinkha.agent.runtime.TransitionLog;
import io.flinkha.agent.runtime.WatchedBlobStore;
import io.flinkha.agent.runtime.WatchedSupervisor;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** The agent of one cluster-id: what its loop acts by, what listens to it, and who may ask it. */
final class AgentAssembly {
    private static final Logger LOG = Logger.getLogger(AgentAssembly.class);

    private final CheckedConfig config;
    private final KubernetesObjects objects;
    private final LoopView view;

    AgentAssembly(CheckedConfig config, KubernetesObjects objects, LoopView view) {
        this.config = config;
        this.objects = objects;
        this.view = view;
    }

    void start(Vertx vertx, Router router, MeterRegistry registry, StatusPage status)
            throws CannotStartException {
        try {
            assemble(vertx, router, registry, status);
        } catch (IOException e) {
            throw new CannotStartException(
                    "The run directory %s cannot be used (%s): mount it writable for the agent."
                            .formatted(config.runDir(), e));
        }
    }

    private void assemble(Vertx vertx, Router router, MeterRegistry registry, StatusPage status)
            throws CannotStartException, IOException {
        RunDirectory runDirectory = new RunDirectory(config.runDir());
        if (!runDirectory.lockForThisAgent()) {
            throw new CannotStartException(
                    "Another agent of this pod holds %s/agent.lock: there must be one."
                            .formatted(config.runDir()));
        }
        status.show(
                new StatusPage.Identity(
                        config.clusterId(),
                        config.namespace(),
                        config.pod(),
                        config.jobName(),
                        config.settings().restart()),
                AgentSettings.defaults(config.settings()));
        AgentMetrics metrics = metrics(registry);
        Consumer<Notice> notices = events();
        BlobStore storage =
                new WatchedBlobStore(
                        storage(), metrics::storageAsked, notices, MonotonicClock.system());
        BlobPlanStore plans = new BlobPlanStore(storage);
        BlobManifestMirror mirror = new BlobManifestMirror(storage);
        KubernetesManifestStore manifests = objects.manifests();
        CopySeal seal = new CopySeal(config.clusterId(), manifests::copyKey);
        MirrorWriter writer =
                new MirrorWriter(
                        mirror,
                        (name, manifest) -> seal.seal(name, manifests.json(manifest)),
                        metrics::mirrored);
        writer.start();
        TakeoverLog takeovers =
                new TakeoverLog(System::currentTimeMillis, metrics::takeoverReached);
        EventLoop loop =
                new EventLoop(
                        new AgentMachine(
                                config.settings(),
                                new Incarnation(config.holder(), UUID.randomUUID().toString())),
                        ports(manifests, plans, mirror, witness(storage, seal, manifests), notices),
                        MonotonicClock.system(),
                        List.of(
                                new TransitionLog(),
                                metrics::stepped,
                                writer,
                                takeovers,
                                new EventNotices(notices),
                                // Storage that hangs must not hold up Events.
                                new PlanCleanup(plans, background("flink-ha-cleanup"))),
                        AgentAssembly::exit);
        new ControlApi(
                        loop,
                        new PlanTransfer(vertx, plans, loop),
                        status::showJobManager,
                        // A process that dies closes it with its lock: there is no need to wait
                        // for the next look.
                        () -> loop.offer(new Event.Tick()),
                        runDirectory.token())
                .mount(router);
        view.show(new LoopView.Running(loop, takeovers, config.settings().standby()));
        loop.start();
        if (config.settings().standby()) {
            // A store of its own: what it has seen must not be what a write goes by.
            new LeaseWatch(objects.leases(), () -> loop.offer(new Event.LeaseHinted())).start();
        }
        check(storage, notices, loop);
        LOG.infof(
                "Agent of cluster-id %s in namespace %s as %s, lease %s",
                config.clusterId(), config.namespace(), config.holder(), config.settings());
    }

    private static Witness witness(
            BlobStore storage, CopySeal seal, KubernetesManifestStore manifests) {
        return new BlobWitness(storage, seal, manifests::json, KubernetesManifestStore::decode);
    }

    private static void check(BlobStore storage, Consumer<Notice> notices, EventLoop loop) {
        SelfTest selfTest = new SelfTest(storage);
        new StorageCheck(
                        () -> selfTest.run(Instant.now()),
                        storage.place(""),
                        notices,
                        () -> loop.offer(new Event.StorageProven()))
                .start();
    }

    private Ports ports(
            KubernetesManifestStore manifests,
            BlobPlanStore plans,
            BlobManifestMirror mirror,
            Witness witness,
            Consumer<Notice> notices)
            throws IOException {
        return new Ports(
                objects.leases(),
                manifests,
                objects.leaderAddresses(),
                plans,
                mirror,
                witness,
                new FileJobManagerLock(config.runDir()),
                objects.job(config.jobName()),
                objects.pods(),
                new WatchedSupervisor(new FileSupervisor(config.runDir()), notices));
    }

    private BlobStore storage() throws CannotStartException {
        ObjectStore given = config.objectStore();
        try {
            return new Storages(
                            given.endpoint(), given.region(), given.timeout(), System.getenv()::get)
                    .open(config.storage(), config.directory());
        } catch (RuntimeException | LinkageError e) {
            throw new CannotStartException(Storages.cannotOpen(config.storage(), e));
        }
    }

    /** One after the other, on a thread of their own: the loop waits for nobody. */
    private Consumer<Notice> events() {
        EventRecorder recorder =
                objects.events(
                        config.pod(),
                        config.podUid(),
                        config.jobName(),
                        config.settings().controllerUid());
        ExecutorService thread = background("flink-ha-events");
        return notice -> thread.execute(() -> recorder.record(notice));
    }

    private AgentMetrics metrics(MeterRegistry registry) {
        String version =
                ConfigProvider.getConfig()
                        .getOptionalValue("quarkus.application.version", String.class)
                        .orElse("unknown");
        return new AgentMetrics(
                registry,
                config.clusterId(),
                version,
                view,
                config.settings().restart().maxFailures());
    }

    private static ExecutorService background(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void exit(int code, String reason) {
        LOG.infof("Ending with %d: %s", code, reason);
        Quarkus.asyncExit(code);
    }
}
