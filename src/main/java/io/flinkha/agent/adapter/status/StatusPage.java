package io.flinkha.agent.adapter.status;

import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.port.Setting;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** What the agent knows, read-only, on the management port; settings are in the log as well. */
@ApplicationScoped
public class StatusPage {
    private static final Logger LOG = Logger.getLogger(StatusPage.class);
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /**
     * What does not change while the agent runs.
     *
     * @param jobName of the Kubernetes Job; empty outside of one
     */
    public record Identity(
            String clusterId, String namespace, String pod, String jobName, RestartPolicy restart) {
        private static final Identity NONE = new Identity("", "", "", "", RestartPolicy.NONE);
    }

    private record Settings(List<Setting> agent, List<Setting> jobManager) {}

    private final AgentView agent;
    private volatile Identity identity = Identity.NONE;
    private volatile Settings settings = new Settings(List.of(), List.of());

    StatusPage(AgentView agent) {
        this.agent = agent;
    }

    void mount(@Observes ManagementInterface management) {
        mount(management.router());
    }

    void mount(Router router) {
        get(router, "/status", context -> send(context, 200, now().status(settingsInEffect())));
        get(
                router,
                "/leader",
                context -> {
                    AgentStatus now = now();
                    send(context, now.leads() ? 200 : 503, now.leader());
                });
        get(
                router,
                "/history",
                context -> send(context, 200, History.of(identity.clusterId(), agent)));
        Buffer description = description();
        get(
                router,
                "/openapi.yaml",
                context -> send(context, 200, "application/yaml", description));
        // Quarkus' own below it would answer each method as it does GET.
        router.route("/q/*")
                .order(-1)
                .handler(context -> {
                    if (READING.contains(context.request().method())) {
                        context.next();
                    } else {
                        refuseMethod(context);
                    }
                });
        router.route()
                .last()
                .handler(context ->
                        refuse(
                                context,
                                404,
                                "there is no such path: GET /openapi.yaml names them all"));
    }

    private static Buffer description() {
        try (InputStream in = StatusPage.class.getResourceAsStream("/openapi/status.yaml")) {
            return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void get(Router router, String path, Consumer<RoutingContext> answer) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(answer::accept);
        router.route(path).handler(StatusPage::refuseMethod);
    }

    private static void refuseMethod(RoutingContext context) {
        context.response().putHeader("Allow", "GET, HEAD");
        refuse(context, 405, "this port is read-only, use GET or HEAD");
    }

    private static void refuse(RoutingContext context, int status, String sentence) {
        String where = "%s %s".formatted(context.request().method(), context.request().path());
        // A body may still be on its way; it is not read.
        context.response().putHeader("Connection", "close");
        send(context, status, new JsonObject().put("error", where + ": " + sentence));
    }

    private AgentStatus now() {
        return new AgentStatus(identity, agent, Instant.now());
    }

    private static void send(RoutingContext context, int status, JsonObject body) {
        send(context, status, "application/json", body.toBuffer());
    }

    private static void send(RoutingContext context, int status, String type, Buffer body) {
        var unused =
                context.response()
                        .setStatusCode(status)
                        .putHeader("Content-Type", type)
                        .putHeader("Cache-Control", "no-store")
                        .end(body);
    }

    /**
     * Called once the configuration was found to be right.
     *
     * @param defaults of the agent's settings, by their names
     */
    public synchronized void show(Identity shown, Map<String, String> defaults) {
        List<Setting> own =
                EffectiveSettings.of(
                        ConfigProvider.getConfig().unwrap(SmallRyeConfig.class), defaults);
        own.stream()
                .filter(setting -> !setting.source().equals(EffectiveSettings.BY_DEFAULT))
                .forEach(LOG::info);
        identity = shown;
        settings = new Settings(own, settings.jobManager());
    }

    /** What a JobManager registered with; empty if its jar does not say it. */
    public synchronized void showJobManager(List<Setting> its) {
        Settings before = settings;
        if (!its.equals(before.jobManager())) {
            its.forEach(setting -> LOG.infof("JobManager: %s", setting));
            settings = new Settings(before.agent(), its);
        }
    }

    private JsonArray settingsInEffect() {
        Settings now = settings;
        JsonArray all = new JsonArray();
        now.agent().forEach(setting -> all.add(json(setting, "agent")));
        now.jobManager().forEach(setting -> all.add(json(setting, "jobmanager")));
        return all;
    }

    private static JsonObject json(Setting setting, String of) {
        return new JsonObject()
                .put("name", setting.name())
                .put("value", setting.value())
                .put("source", setting.source())
                .put("of", of);
    }
}
