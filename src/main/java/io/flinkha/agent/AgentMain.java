package io.flinkha.agent;

import io.flinkha.agent.adapter.kubernetes.ApiServer;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.logs.JsonLines;
import io.flinkha.agent.adapter.status.StatusPage;
import io.flinkha.agent.config.AgentSettings.LogFormat;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.InjectorConfig;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.runtime.EventLoop;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Starts what this process is, the agent or the injector, and stops it in order at the end. */
@ApplicationScoped
public class AgentMain {
    private static final Logger LOG = Logger.getLogger(AgentMain.class);

    /** The exit code of a process that was configured wrong: EX_CONFIG. */
    private static final int WRONG_CONFIG = 78;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    private final LoopView view;

    AgentMain(LoopView view) {
        this.view = view;
    }

    void start(
            @Observes StartupEvent event,
            io.fabric8.kubernetes.client.Config kubernetes,
            Vertx vertx,
            Router router,
            MeterRegistry metrics,
            StatusPage status) {
        Config config = ConfigProvider.getConfig();
        ApiServer server = ApiServer.of(kubernetes, vertx);
        try {
            if (ConfigUtils.isProfileActive(Main.INJECTOR)) {
                Injector.mount(InjectorConfig.of(config), server, router);
                return;
            }
            CheckedConfig checked = CheckedConfig.of(config, server.namespace());
            if (checked.logFormat() == LogFormat.JSON) {
                jsonLines(checked).install();
            }
            KubernetesObjects objects =
                    new KubernetesObjects(server, checked.namespace(), checked.clusterId());
            new AgentAssembly(checked, objects, view).start(vertx, router, metrics, status);
        } catch (CheckedConfig.WrongConfig e) {
            refuse(e.mistakes());
        } catch (CannotStartException e) {
            refuse(List.of(String.valueOf(e.getMessage())));
        }
    }

    private JsonLines jsonLines(CheckedConfig checked) {
        return new JsonLines(
                Map.of(
                        "clusterId", checked.clusterId(),
                        "namespace", checked.namespace(),
                        "pod", checked.pod()),
                view::state);
    }

    private static void refuse(List<String> sentences) {
        sentences.forEach(LOG::error);
        Quarkus.asyncExit(WRONG_CONFIG);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        EventLoop running = view.loop();
        if (running != null) {
            running.offer(new Event.StopRequested("the process was asked to stop"));
            if (!running.awaitEnd(STOP_PATIENCE)) {
                LOG.warn("Stopping without having released the Lease: it runs out by itself.");
            }
        }
    }
}
