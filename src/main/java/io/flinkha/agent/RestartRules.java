package io.flinkha.agent;

import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.port.Result;
import io.flinkha.agent.port.ServerVersion;
import io.flinkha.agent.port.ServerVersion.Release;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger.Level;

/**
 * Whether the API server takes the restart rules of a container. One that does not know the field
 * refuses each Job that has it, and without the rules a Job lacks only its second line: they are
 * left out until it has said that it is new enough.
 */
final class RestartRules implements BooleanSupplier {
    /** The first one that has them without being asked to. */
    private static final Release FIRST = new Release(1, 35);

    private final ServerVersion server;
    private final Executor later;
    private final BiConsumer<Level, String> log;
    private volatile boolean taken;
    private String told = "";

    private RestartRules(ServerVersion server, Executor later, BiConsumer<Level, String> log) {
        this.server = server;
        this.later = later;
        this.log = log;
    }

    /**
     * Where nobody has said it, the API server is asked before this returns, and again for as long
     * as it does not answer.
     *
     * @param later runs what it is given after a while
     */
    static BooleanSupplier of(
            AgentSettings.RestartRules setting,
            ServerVersion server,
            Executor later,
            BiConsumer<Level, String> log) {
        return switch (setting) {
            case TRUE -> () -> true;
            case FALSE -> () -> false;
            case AUTO -> {
                RestartRules rules = new RestartRules(server, later, log);
                rules.ask();
                yield rules;
            }
        };
    }

    @Override
    public boolean getAsBoolean() {
        return taken;
    }

    private void ask() {
        switch (server.read()) {
            case Result.Ok<Release>(Release release) -> {
                taken = release.isAtLeast(FIRST);
                tell(
                        Level.INFO,
                        "The API server is of Kubernetes %s: injected Jobs are made %s restart rules, which came with %s."
                                .formatted(release, taken ? "with" : "without", FIRST));
            }
            case Result.Failed<Release> failure -> {
                tell(
                        Level.WARN,
                        "The API server does not say its version (%s): injected Jobs are made without restart rules until it does; set %s to true or false to do without its answer."
                                .formatted(
                                        failure.reason(),
                                        AgentSettings.INJECTOR_RESTART_RULES.name()));
                later.execute(this::ask);
            }
        }
    }

    /** Once, however often it is asked. */
    private void tell(Level level, String sentence) {
        if (!sentence.equals(told)) {
            told = sentence;
            log.accept(level, sentence);
        }
    }
}
