package io.flinkha.agent.command;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.ClusterPlace;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Written with picocli's model and without its annotations, which would need
 * reflection in a native image.
 *
 * <p>Exit codes: 0 done, 1 refused or failed, 2 called wrongly.
 */
public final class Commands {
    private static final String OUTPUT = "--output";
    private static final String YES = "--yes";
    private static final String DRY_RUN = "--dry-run";
    private static final String OBJECT = "--object";
    private static final String REASON = "--reason";
    private static final String FROM = "--from";

    private final BiFunction<@Nullable String, String, KubernetesObjects> api;
    private final Function<String, @Nullable String> environment;
    private final Waiting waiting;
    private final boolean terminal;
    private final Options options;

    private interface Act {
        void on(CommandTarget target, ParseResult given)
                throws RefusedException, IOException, InterruptedException;
    }

    private interface StorageAct {
        void on(CommandTarget target, AgentStorage storage, ParseResult given)
                throws RefusedException, IOException, InterruptedException;
    }

    /**
     * Nothing is asked before a command is executed.
     *
     * @param api connects to the API server, for a namespace (null: the own one) and a cluster-id
     * @param environment value of a variable, null if it is not set
     * @param terminal a person reads what is printed
     */
    public Commands(
            BiFunction<@Nullable String, String, KubernetesObjects> api,
            Function<String, @Nullable String> environment,
            Waiting waiting,
            boolean terminal) {
        this.api = api;
        this.environment = environment;
        this.waiting = waiting;
        this.terminal = terminal;
        this.options = new Options(environment);
    }

    /** As the process was called. */
    public static CommandLine ofProcess() {
        return new Commands(
                        KubernetesObjects::connect,
                        System.getenv()::get,
                        Waiting.REAL,
                        Output.isTerminal())
                .line();
    }

    public CommandLine line() {
        CommandSpec root = CommandSpec.create().name("flink-ha-agent");
        root.addOption(Options.help());
        root.usageMessage()
                .description(
                        "Without a command this is the agent. A command is the act of a person, with the rights of whoever runs it; docs/OPERATIONS.md says when.");
        addLooks(root);
        addWishes(root);
        addStorageActs(root);
        root.addSubcommand("inject", new Inject(options).spec());
        root.addSubcommand("generate-completion", new Completion().spec());
        CommandLine line = new CommandLine(root);
        line.setParameterExceptionHandler((mistake, words) -> {
            PrintWriter err = mistake.getCommandLine().getErr();
            err.println(mistake.getMessage());
            CommandSpec called = mistake.getCommandLine().getCommandSpec();
            if (!UnmatchedArgumentException.printSuggestions(mistake, err)) {
                err.println(called.qualifiedName() + " --help says how it is called.");
            }
            err.flush();
            return called.exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((failure, failed, result) -> {
            failed.getErr().println(sentence(failure));
            failed.getErr().flush();
            return failed.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    private void addLooks(CommandSpec root) {
        root.addSubcommand(
                "status",
                command(
                        "Who leads, what runs, from what it would go on, and how its Kubernetes Job stands.",
                        (target, given) -> new Status(target, Instant.now()).run(),
                        job()));
        root.addSubcommand(
                "history",
                command(
                        "Who led when, and why leadership changed, newest first.",
                        (target, given) -> new Status(target, Instant.now()).history()));
    }

    private void addWishes(CommandSpec root) {
        root.addSubcommand(
                "pause",
                command(
                        "Switches automation off: JobManager and Lease stay, no JobManager is let in anew, the Kubernetes Job is told nothing.",
                        (target, given) ->
                                new AskLeader(target)
                                        .pause(
                                                given.matchedOptionValue(REASON, null),
                                                Instant.now()),
                        Options.value(REASON, "shown to whoever asks for the status")));
        root.addSubcommand(
                "resume",
                command(
                        "Ends a pause, and resumes a parked Kubernetes Job.",
                        (target, given) -> resume(target),
                        job()));
        root.addSubcommand(
                "step-down",
                command(
                        "Asks the leader to give its epoch up: its JobManager ends at once, tasks run on, and the next JobManager, in this pod or a standby, takes over.",
                        (target, given) -> new AskLeader(target).stepDown()));
        root.addSubcommand(
                "park",
                command(
                        "Suspends the Kubernetes Job: nothing runs until flink-ha-agent resume, which goes on from the latest state.",
                        (target, given) -> new Suspension(target).park(),
                        job()));
        root.addSubcommand(
                "restore",
                command(
                        "Ends the run and starts the job again, with main(), from a checkpoint or savepoint.",
                        (target, given) ->
                                new AskLeader(target)
                                        .restore(
                                                given.matchedOptionValue(FROM, ""),
                                                given.hasMatchedOption(YES)),
                        Options.value(FROM, "URI of the checkpoint or savepoint").toBuilder()
                                .required(true)
                                .build(),
                        Options.flag(YES, "really do what is shown without it")));
    }

    private static void resume(CommandTarget target) throws RefusedException {
        boolean paused = new AskLeader(target).resume();
        // Outside of a Job there is nothing to resume but the automation.
        if (paused && target.knownJob().isEmpty()) {
            return;
        }
        if (!new Suspension(target).resume() && !paused) {
            target.say("Neither paused nor parked: nothing was changed.");
        }
    }

    private void addStorageActs(CommandSpec root) {
        root.addSubcommand(
                "purge",
                onStorage(
                        "Ends the life of a cluster-id: deletes Lease, manifest, leader ConfigMap, stored plans and copies of the manifest. Checkpoints and savepoints stay.",
                        (target, storage, given) ->
                                new Purge(target, storage).run(given.hasMatchedOption(YES)),
                        Options.flag(YES, "really delete what is shown without it")));
        root.addSubcommand(
                "gc",
                onStorage(
                        "Deletes stored plans that the manifest does not name, all but the newest copies of the manifest, and half-written files.",
                        (target, storage, given) ->
                                new CollectGarbage(target, storage)
                                        .run(given.hasMatchedOption(DRY_RUN), Instant.now()),
                        Options.flag(DRY_RUN, "only show what would go")));
        root.addSubcommand(
                "restore-from-storage",
                onStorage(
                        "Shows the copies of the manifest in the storage; with --yes writes the manifest from the newest one that is fit for it, where a cluster has none any more.",
                        (target, storage, given) ->
                                new RestoreFromStorage(target, storage)
                                        .run(
                                                given.matchedOptionValue(OBJECT, null),
                                                given.hasMatchedOption(YES)),
                        Options.value(OBJECT, "name of the copy to take in its place, fit or not"),
                        Options.flag(YES, "really write what is shown without it")));
    }

    private static String sentence(Exception failure) {
        return failure instanceof RefusedException refused
                ? String.valueOf(refused.getMessage())
                : "%s Call again, what is done stays done."
                        .formatted(StorageFailure.sentence(failure));
    }

    private CommandSpec command(String description, Act act, OptionSpec... own) {
        CommandSpec spec = new Command(act).spec;
        spec.addOption(Options.help());
        spec.usageMessage().description(description);
        spec.addOption(options.of(AgentSettings.CLUSTER_ID));
        spec.addOption(options.of(AgentSettings.NAMESPACE));
        spec.addOption(
                OptionSpec.builder("-o", OUTPUT)
                        .type(String.class)
                        .paramLabel("FORMAT")
                        .description("text or json; by default text on a terminal, else json")
                        .defaultValue(terminal ? "text" : "json")
                        .build());
        List.of(own).forEach(spec::addOption);
        return spec;
    }

    private CommandSpec onStorage(String description, StorageAct act, OptionSpec... own) {
        CommandSpec spec =
                command(
                        description,
                        (target, given) ->
                                act.on(
                                        target,
                                        storage(given.commandSpec(), target.objects().namespace()),
                                        given),
                        own);
        spec.addOption(options.of(AgentSettings.STORAGE_URI));
        spec.addOption(options.of(AgentSettings.STORAGE_ENDPOINT));
        spec.addOption(options.of(AgentSettings.STORAGE_REGION));
        return spec;
    }

    private AgentStorage storage(CommandSpec spec, String namespace) throws RefusedException {
        ClusterPlace place;
        try {
            place =
                    ClusterPlace.of(
                            Options.given(spec, AgentSettings.CLUSTER_ID),
                            Options.given(spec, AgentSettings.STORAGE_URI));
        } catch (CheckedConfig.WrongConfig e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        if (place.storage().getScheme().equals("file")
                && !Files.isDirectory(Path.of(place.storage().getPath()))) {
            throw new RefusedException(
                    "Storage %s is not there: run this where it is mounted. Nothing was changed."
                            .formatted(place.storage().getPath()));
        }
        Storages storages =
                new Storages(
                        Options.given(spec, AgentSettings.STORAGE_ENDPOINT),
                        Options.given(spec, AgentSettings.STORAGE_REGION),
                        AgentSettings.STORAGE_TIMEOUT.byDefault(),
                        environment);
        try {
            return new AgentStorage(storages.open(place.storage(), place.directory(namespace)));
        } catch (LinkageError e) {
            throw new RefusedException(Storages.cannotOpen(place.storage(), e));
        }
    }

    private OptionSpec job() {
        return options.of(AgentSettings.JOB_NAME);
    }

    private final class Command implements Callable<Integer> {
        private final Act act;
        private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

        Command(Act act) {
            this.act = act;
        }

        @Override
        public Integer call() throws RefusedException, IOException, InterruptedException {
            CommandLine line = spec.commandLine();
            boolean json = isJson(line);
            // What was said before a refusal is part of it.
            try (Output output = new Output(line.getOut(), json);
                    KubernetesObjects objects =
                            api.apply(
                                    Options.given(spec, AgentSettings.NAMESPACE),
                                    clusterId(line))) {
                act.on(
                        new CommandTarget(
                                objects,
                                waiting,
                                output,
                                Options.given(spec, AgentSettings.JOB_NAME),
                                environment.apply(AgentSettings.POD_NAME.variable())
                                        + "/"
                                        + environment.apply(AgentSettings.POD_UID.variable())),
                        line.getParseResult());
            }
            return CommandLine.ExitCode.OK;
        }

        private boolean isJson(CommandLine line) {
            String format = Options.given(spec, OUTPUT);
            if ("text".equals(format) || "json".equals(format)) {
                return "json".equals(format);
            }
            throw new ParameterException(line, "-o is '%s': give text or json.".formatted(format));
        }

        private String clusterId(CommandLine line) {
            try {
                // All that is wrong with both is said at once.
                String clusterId = Options.given(spec, AgentSettings.CLUSTER_ID);
                return Options.has(spec, AgentSettings.STORAGE_URI)
                        ? ClusterPlace.of(clusterId, Options.given(spec, AgentSettings.STORAGE_URI))
                                .clusterId()
                        : CheckedConfig.clusterId(clusterId);
            } catch (CheckedConfig.WrongConfig e) {
                throw new ParameterException(line, e.getMessage());
            }
        }
    }
}
