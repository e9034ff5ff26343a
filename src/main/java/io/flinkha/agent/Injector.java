package io.flinkha.agent;

import io.flinkha.agent.adapter.admission.Webhook;
import io.flinkha.agent.adapter.kubernetes.ApiServer;
import io.flinkha.agent.adapter.kubernetes.KubernetesServerVersion;
import io.flinkha.agent.config.InjectorConfig;
import io.flinkha.agent.injection.Injection;
import io.vertx.ext.web.Router;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The process that the API server asks about Jobs; no agent runs in it. */
final class Injector {
    private static final Logger LOG = Logger.getLogger(Injector.class);

    private static final long ASKED_AGAIN_SECONDS = 10;

    private Injector() {}

    static void mount(InjectorConfig config, ApiServer server, Router router) {
        new Webhook(
                        new Injection(
                                config.agentImage(),
                                config.storageUri(),
                                RestartRules.of(
                                        config.restartRules(),
                                        new KubernetesServerVersion(server),
                                        CompletableFuture.delayedExecutor(
                                                ASKED_AGAIN_SECONDS, TimeUnit.SECONDS),
                                        LOG::log)))
                .mount(router);
    }
}
