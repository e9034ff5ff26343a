package io.flinkha.agent.command;

import io.flinkha.agent.config.AgentSetting;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.injection.Documents;
import io.flinkha.agent.injection.Injection;
import io.flinkha.agent.injection.NotInjectableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the injector would make of the Jobs in a file; without a cluster. */
final class Inject implements Callable<Integer> {
    private static final String FILE = "--filename";

    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    Inject(Options options) {
        spec.addOption(Options.help());
        spec.usageMessage()
                .description(
                        "Prints manifests as the injector would make them, without a cluster.");
        spec.addOption(
                OptionSpec.builder("-f", FILE)
                        .type(String.class)
                        .paramLabel("FILE")
                        .required(true)
                        .description("YAML or JSON as kubectl takes it; - for standard input")
                        .build());
        spec.addOption(options.of(AgentSettings.INJECTOR_AGENT_IMAGE));
        spec.addOption(options.of(AgentSettings.INJECTOR_STORAGE_URI));
        spec.addOption(options.of(AgentSettings.INJECTOR_RESTART_RULES));
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws RefusedException, IOException {
        CommandLine line = spec.commandLine();
        boolean restartRules =
                value(AgentSettings.INJECTOR_RESTART_RULES) == AgentSettings.RestartRules.TRUE;
        Injection injection =
                new Injection(
                        value(AgentSettings.INJECTOR_AGENT_IMAGE),
                        value(AgentSettings.INJECTOR_STORAGE_URI),
                        () -> restartRules);
        print(
                Objects.requireNonNull(Options.given(spec, FILE)),
                injection,
                line.getOut(),
                line.getErr());
        return CommandLine.ExitCode.OK;
    }

    private <T> T value(AgentSetting<T> setting) {
        String given = Options.given(spec, setting);
        if (given == null) {
            return setting.byDefault();
        }
        setting.mistake(given)
                .ifPresent(instead -> {
                    throw new CommandLine.ParameterException(
                            spec.commandLine(),
                            "%s is '%s': %s.".formatted(Options.name(setting), given, instead));
                });
        return setting.in(Map.of(setting.key(), given));
    }

    private static void print(String file, Injection injection, PrintWriter out, PrintWriter err)
            throws RefusedException, IOException {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            Documents.Result result = Documents.inject(in, injection);
            result.warnings().forEach(warning -> err.println("Warning: " + warning));
            if (result.injected() == 0) {
                err.println(
                        "Warning: nothing in %s has the label %s: \"true\", on a Job or on its template; it is printed as it was."
                                .formatted(file, Injection.INJECT));
            }
            err.flush();
            out.print(result.yaml());
            out.flush();
        } catch (NoSuchFileException e) {
            throw new RefusedException(
                    "There is no file %s: name one with -f, or - for standard input."
                            .formatted(file));
        } catch (NotInjectableException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }
}
