package io.flinkha.agent.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Prints a script by which a shell completes commands and options. picocli's own command for it is
 * made of annotations, as none is here.
 */
final class Completion implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    Completion() {
        spec.addOption(Options.help());
        spec.usageMessage()
                .hidden(true)
                .description(
                        "Prints what makes bash or zsh complete commands and options: source <(flink-ha-agent generate-completion)");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        CommandSpec root = spec.root();
        line.getOut().print(AutoComplete.bash(root.name(), root.commandLine()));
        line.getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
