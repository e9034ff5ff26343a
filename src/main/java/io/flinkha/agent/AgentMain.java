package io.flinkha.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkha.agent.adapter.admission.Webhook;
import io.flinkha.agent.adapter.jobmanager.ControlApi;
import io.flinkha.agent.adapter.jobmanager.FileJobManagerLock;
import io.flinkha.agent.adapter.jobmanager.PlanTransfer;
import io.flinkha.agent.adapter.jobmanager.RunDirectory;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder;
import io.flinkha.agent.adapter.kubernetes.KubernetesEventRecorder.Named;
import io.flinkha.agent.adapter.kubernetes.KubernetesJobController;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaderAddressStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesPods;
import io.flinkha.agent.adapter.logs.JsonLines;
import io.flinkha.agent.adapter.metrics.AgentMetrics;
import io.flinkha.agent.adapter.status.StatusPage;
import io.flinkha.agent.adapter.storage.BlobManifestMirror;
import io.flinkha.agent.adapter.storage.BlobPlanStore;
import io.flinkha.agent.adapter.storage.SelfTest;
import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.config.AgentSettings.LogFormat;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.CheckedConfig.ObjectStore;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.State;
import io.flinkha.agent.injection.Injection;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.runtime.EventLoop;
import io.flinkha.agent.runtime.EventNotices;
import io.flinkha.agent.runtime.MirrorWriter;
import io.flinkha.agent.runtime.MonotonicClock;
import io.flinkha.agent.runtime.PlanCleanup;
import io.flinkha.agent.runtime.Ports;
import io.flinkha.agent.runtime.StorageCheck;
import io.flinkha.agent.runtime.TakeoverLog;
import io.flinkha.agent.runtime.TransitionLog;
import io.flinkha.agent.runtime.WatchedBlobStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Wires the parts at start, stops them in order at the end. */
@ApplicationScoped
public class AgentMain implements AgentView {
    private static final Logger LOG = Logger.getLogger(AgentMain.class);

    /** The exit code of a process that was configured wrong: EX_CONFIG. */
    private static final int WRONG_CONFIG = 78;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final ExecutorService events = background("flink-ha-events");

    /** Storage that hangs must not hold up Events. */
    private final ExecutorService cleanup = background("flink-ha-cleanup");

    private final TakeoverLog takeovers = new TakeoverLog(System::currentTimeMillis);

    private volatile @Nullable EventLoop loop;

    private volatile boolean warmStandby;

    private static ExecutorService background(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    void start(
            @Observes StartupEvent event,
            KubernetesClient kubernetes,
            Vertx vertx,
            Router router,
            MeterRegistry metrics,
            StatusPage status) {
        Config config = ConfigProvider.getConfig();
        if (ConfigUtils.isProfileActive(Main.INJECTOR)) {
            new Webhook(
                            new Injection(
                                    AgentSettings.INJECTOR_AGENT_IMAGE.in(config),
                                    AgentSettings.INJECTOR_STORAGE_URI.in(config)))
                    .mount(router);
            return;
        }
        try {
            CheckedConfig checked =
                    CheckedConfig.of(
                            config,
                            Optional.ofNullable(kubernetes.getNamespace()).orElse("default"));
            if (checked.logFormat() == LogFormat.JSON) {
                jsonLines(checked).install();
            }
            warmStandby = checked.warmStandby();
            RunDirectory runDirectory = new RunDirectory(checked.runDir());
            if (!runDirectory.lockForThisAgent()) {
                fail(
                        "Another agent of this pod holds %s/agent.lock: there must be one."
                                .formatted(checked.runDir()));
                return;
            }
            status.show(
                    new StatusPage.Identity(
                            checked.clusterId(),
                            checked.namespace(),
                            checked.pod(),
                            checked.jobName(),
                            checked.settings().restart()),
                    AgentSettings.defaults());
            startLoop(checked, runDirectory, kubernetes, vertx, router, metrics, status);
        } catch (CheckedConfig.WrongConfig e) {
            e.mistakes().forEach(LOG::error);
            Quarkus.asyncExit(WRONG_CONFIG);
        } catch (IOException e) {
            fail(
                    "The run directory %s cannot be used (%s): mount it writable for the agent."
                            .formatted(AgentSettings.RUN_DIR.in(config), e));
        }
    }

    private JsonLines jsonLines(CheckedConfig checked) {
        return new JsonLines(
                Map.of(
                        "clusterId", checked.clusterId(),
                        "namespace", checked.namespace(),
                        "pod", checked.pod()),
                this::state);
    }

    private void startLoop(
            CheckedConfig checked,
            RunDirectory runDirectory,
            KubernetesClient kubernetes,
            Vertx vertx,
            Router router,
            MeterRegistry registry,
            StatusPage status)
            throws IOException {
        Incarnation incarnation = new Incarnation(checked.holder(), UUID.randomUUID().toString());
        String namespace = checked.namespace();
        String clusterId = checked.clusterId();
        AgentMetrics metrics = metrics(registry, checked);
        Consumer<Notice> notices = events(checked, kubernetes);
        BlobStore opened;
        try {
            opened = storage(checked);
        } catch (RuntimeException | LinkageError e) {
            fail(
                    "The storage %s cannot be opened (%s): look at flink-ha.storage.*; an object store needs glibc, and a /tmp that may be executed from unless -Djava.library.path names OpenDAL's library."
                            .formatted(checked.storage(), e));
            return;
        }
        BlobStore storage =
                new WatchedBlobStore(
                        opened, metrics::storageAsked, notices, MonotonicClock.system());
        BlobPlanStore plans = new BlobPlanStore(storage);
        KubernetesManifestStore manifests =
                new KubernetesManifestStore(kubernetes, namespace, clusterId);
        BlobManifestMirror mirror = new BlobManifestMirror(storage);
        Ports ports =
                new Ports(
                        new KubernetesLeaseStore(kubernetes, namespace, clusterId),
                        manifests,
                        new KubernetesLeaderAddressStore(kubernetes, namespace, clusterId),
                        plans,
                        mirror,
                        new FileJobManagerLock(checked.runDir()),
                        new KubernetesJobController(kubernetes, namespace, checked.jobName()),
                        new KubernetesPods(kubernetes, namespace, checked.container()));
        SelfTest selfTest = new SelfTest(storage);
        new StorageCheck(() -> selfTest.run(Instant.now()), storage.place(""), notices).start();
        MirrorWriter writer = new MirrorWriter(mirror, manifests::json, metrics::mirrored);
        writer.start();
        EventLoop started =
                new EventLoop(
                        new AgentMachine(checked.settings(), incarnation),
                        ports,
                        MonotonicClock.system(),
                        List.of(
                                new TransitionLog(),
                                metrics::stepped,
                                writer,
                                takeovers,
                                new EventNotices(notices),
                                new PlanCleanup(plans, cleanup)),
                        AgentMain::exit);
        new ControlApi(
                        started,
                        new PlanTransfer(vertx, plans, started),
                        status::showJobManager,
                        runDirectory.token())
                .mount(router);
        loop = started;
        started.start();
        LOG.infof(
                "Agent of cluster-id %s in namespace %s as %s, lease %s",
                clusterId, namespace, checked.holder(), checked.settings());
    }

    private static BlobStore storage(CheckedConfig checked) {
        ObjectStore given = checked.objectStore();
        return new Storages(given.endpoint(), given.region(), given.timeout(), System.getenv()::get)
                .open(checked.storage(), checked.directory());
    }

    /** One after the other, on a thread of their own: the loop waits for nobody. */
    private Consumer<Notice> events(CheckedConfig checked, KubernetesClient kubernetes) {
        EventRecorder recorder =
                new KubernetesEventRecorder(
                        kubernetes,
                        checked.namespace(),
                        new Named(checked.pod(), checked.podUid()),
                        checked.jobName().isEmpty()
                                ? null
                                : new Named(checked.jobName(), checked.settings().controllerUid()));
        return notice -> events.execute(() -> recorder.record(notice));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        EventLoop running = loop;
        if (running != null) {
            running.offer(new Event.StopRequested("the process was asked to stop"));
            if (!running.awaitEnd(STOP_PATIENCE)) {
                LOG.warn("Stopping without having released the Lease: it runs out by itself.");
            }
        }
    }

    private static void exit(int code, String reason) {
        LOG.infof("Ending with %d: %s", code, reason);
        Quarkus.asyncExit(code);
    }

    private static void fail(String sentence) {
        LOG.error(sentence);
        Quarkus.asyncExit(WRONG_CONFIG);
    }

    @Override
    public State state() {
        EventLoop running = loop;
        return running == null ? State.initial() : running.state();
    }

    @Override
    public Duration idle() {
        EventLoop running = loop;
        return running == null ? Duration.ZERO : running.idle();
    }

    private AgentMetrics metrics(MeterRegistry registry, CheckedConfig checked) {
        String version =
                ConfigProvider.getConfig()
                        .getOptionalValue("quarkus.application.version", String.class)
                        .orElse("unknown");
        int most = checked.settings().restart().maxFailures();
        return new AgentMetrics(registry, checked.clusterId(), version, this, most);
    }

    @Override
    public int failures() {
        EventLoop running = loop;
        return running == null ? 0 : running.failures();
    }

    @Override
    public boolean warmStandby() {
        return warmStandby;
    }

    @Override
    public List<Takeover> takeovers() {
        return takeovers.newestFirst();
    }
}
