package io.flinkha.agent.adapter.status;

import io.flinkha.agent.port.Setting;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** {@code GET /status} on the management port, read-only, and the same settings in the log. */
@ApplicationScoped
public class StatusPage {
    private static final Logger LOG = Logger.getLogger(StatusPage.class);

    private record Shown(
            String clusterId, String namespace, List<Setting> agent, List<Setting> jobManager) {}

    private volatile Shown shown = new Shown("", "", List.of(), List.of());

    void mount(@Observes ManagementInterface management) {
        management
                .router()
                .get("/status")
                .handler(context -> {
                    var unused = context.json(json());
                });
    }

    /** Called once the configuration was found to be right. */
    public void show(String clusterId, String namespace) {
        List<Setting> own =
                StorageSettings.of(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
        own.forEach(LOG::info);
        shown = new Shown(clusterId, namespace, own, List.of());
    }

    /** What a JobManager registered with; empty if its jar does not say it. */
    public synchronized void showJobManager(List<Setting> settings) {
        Shown before = shown;
        if (!settings.equals(before.jobManager())) {
            settings.forEach(setting -> LOG.infof("JobManager: %s", setting));
            shown = new Shown(before.clusterId(), before.namespace(), before.agent(), settings);
        }
    }

    private JsonObject json() {
        Shown now = shown;
        JsonArray settings = new JsonArray();
        now.agent().forEach(setting -> settings.add(json(setting, "agent")));
        now.jobManager().forEach(setting -> settings.add(json(setting, "jobmanager")));
        return new JsonObject()
                .put("clusterId", now.clusterId())
                .put("namespace", now.namespace())
                .put("settings", settings);
    }

    private static JsonObject json(Setting setting, String of) {
        return new JsonObject()
                .put("name", setting.name())
                .put("value", setting.value())
                .put("source", setting.source())
                .put("of", of);
    }
}
