package io.flinkha.agent;

import io.flinkha.agent.adapter.admission.Webhook;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.injection.Injection;
import io.vertx.ext.web.Router;
import org.eclipse.microprofile.config.Config;

/** The process that the API server asks about Jobs; no agent runs in it. */
final class Injector {
    private Injector() {}

    static void mount(Config config, Router router) {
        new Webhook(
                        new Injection(
                                AgentSettings.INJECTOR_AGENT_IMAGE.in(config),
                                AgentSettings.INJECTOR_STORAGE_URI.in(config),
                                AgentSettings.INJECTOR_RESTART_RULES.in(config)))
                .mount(router);
    }
}
