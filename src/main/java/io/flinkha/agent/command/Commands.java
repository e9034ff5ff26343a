package io.flinkha.agent.command;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.ClusterPlace;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line. Written with picocli's model and without its annotations, which would need
 * reflection in a native image.
 *
 * <p>Exit codes: 0 done, 1 refused or failed, 2 called wrongly.
 */
public final class Commands {
    private static final String CLUSTER_ID = "--cluster-id";
    private static final String NAMESPACE = "--namespace";
    private static final String STORAGE_URI = "--storage-uri";
    private static final String STORAGE_ENDPOINT = "--storage-endpoint";
    private static final String STORAGE_REGION = "--storage-region";
    private static final Duration STORAGE_TIMEOUT = Duration.ofSeconds(30);
    private static final String YES = "--yes";
    private static final String DRY_RUN = "--dry-run";
    private static final String OBJECT = "--object";

    private final BiFunction<@Nullable String, String, KubernetesObjects> api;
    private final Function<String, @Nullable String> environment;
    private final Waiting waiting;

    private interface Act {
        void on(Subject subject, ParseResult given)
                throws RefusedException, IOException, InterruptedException;
    }

    /**
     * Nothing is asked before a command is executed.
     *
     * @param api connects to the API server, for a namespace (null: the own one) and a cluster-id
     * @param environment value of a variable, null if it is not set
     */
    public Commands(
            BiFunction<@Nullable String, String, KubernetesObjects> api,
            Function<String, @Nullable String> environment,
            Waiting waiting) {
        this.api = api;
        this.environment = environment;
        this.waiting = waiting;
    }

    public CommandLine line() {
        CommandSpec root = CommandSpec.create().name("flink-ha-agent");
        root.addOption(help());
        root.usageMessage()
                .description(
                        "Without a command this is the agent. A command is the act of a person, with the rights of whoever runs it; docs/OPERATIONS.md says when.");
        root.addSubcommand(
                "purge",
                command(
                        "Ends the life of a cluster-id: deletes Lease, manifest, leader ConfigMap, stored plans and copies of the manifest. Checkpoints and savepoints stay.",
                        (subject, given) -> new Purge(subject).run(given.hasMatchedOption(YES)),
                        flag(YES, "really delete what is shown without it")));
        root.addSubcommand(
                "gc",
                command(
                        "Deletes stored plans that the manifest does not name, all but the newest copies of the manifest, and half-written files.",
                        (subject, given) ->
                                new CollectGarbage(subject)
                                        .run(given.hasMatchedOption(DRY_RUN), Instant.now()),
                        flag(DRY_RUN, "only show what would go")));
        root.addSubcommand(
                "restore-from-storage",
                command(
                        "Writes the manifest from its newest copy in the storage, where a cluster has none any more.",
                        (subject, given) ->
                                new RestoreFromStorage(subject)
                                        .run(given.matchedOptionValue(OBJECT, null)),
                        value(OBJECT, "name of an older copy", "")));
        CommandLine line = new CommandLine(root);
        line.setExecutionExceptionHandler((failure, failed, result) -> {
            failed.getErr().println(sentence(failure));
            failed.getErr().flush();
            return failed.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    private static String sentence(Exception failure) {
        return failure instanceof RefusedException refused
                ? String.valueOf(refused.getMessage())
                : "%s Call again, what is done stays done."
                        .formatted(StorageFailure.sentence(failure));
    }

    private CommandSpec command(String description, Act act, OptionSpec own) {
        CommandSpec spec = new Command(act).spec;
        spec.addOption(help());
        spec.usageMessage().description(description);
        spec.addOption(value(CLUSTER_ID, "as the agent's", "FLINK_HA_CLUSTER_ID"));
        spec.addOption(
                value(
                        NAMESPACE,
                        "as the agent's; by default that of the kubeconfig or service account",
                        "FLINK_HA_NAMESPACE"));
        spec.addOption(
                value(
                        STORAGE_URI,
                        "as the agent's; a file:/// one mounted where this runs",
                        "FLINK_HA_STORAGE_URI"));
        spec.addOption(value(STORAGE_ENDPOINT, "as the agent's", "FLINK_HA_STORAGE_ENDPOINT"));
        spec.addOption(value(STORAGE_REGION, "as the agent's", "FLINK_HA_STORAGE_REGION"));
        spec.addOption(own);
        return spec;
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("show this and exit")
                .build();
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).type(boolean.class).description(description).build();
    }

    private OptionSpec value(String name, String description, String variable) {
        String set = environment.apply(variable);
        return OptionSpec.builder(name)
                .type(String.class)
                .description(variable.isEmpty() ? description : description + "; or " + variable)
                .defaultValue(set == null || set.isBlank() ? null : set)
                .build();
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
            ClusterPlace place = place(line);
            if (place.storage().getScheme().equals("file")
                    && !Files.isDirectory(Path.of(place.storage().getPath()))) {
                throw new RefusedException(
                        "Storage %s is not there: run this where it is mounted. Nothing was changed."
                                .formatted(place.storage().getPath()));
            }
            try (KubernetesObjects objects = api.apply(given(NAMESPACE), place.clusterId())) {
                Storages storages =
                        new Storages(
                                given(STORAGE_ENDPOINT),
                                given(STORAGE_REGION),
                                STORAGE_TIMEOUT,
                                environment);
                AgentStorage storage =
                        new AgentStorage(
                                storages.open(
                                        place.storage(), place.directory(objects.namespace())));
                act.on(
                        new Subject(objects, storage, waiting, line.getOut()),
                        line.getParseResult());
            }
            return CommandLine.ExitCode.OK;
        }

        private ClusterPlace place(CommandLine line) {
            try {
                return ClusterPlace.of(given(CLUSTER_ID), given(STORAGE_URI));
            } catch (CheckedConfig.WrongConfig e) {
                throw new ParameterException(line, e.getMessage());
            }
        }

        private @Nullable String given(String option) {
            return spec.findOption(option).getValue();
        }
    }
}
