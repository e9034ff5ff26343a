package io.flinkha.agent.command;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options of the commands; what is not given may stand in the agent's environment. */
final class Options {
    private final Function<String, @Nullable String> environment;

    Options(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    static @Nullable String given(CommandSpec spec, String option) {
        return spec.findOption(option).getValue();
    }

    static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("show this and exit")
                .build();
    }

    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).type(boolean.class).description(description).build();
    }

    /**
     * @param variable of the environment; empty for none
     */
    OptionSpec value(String name, String description, String variable) {
        String set = environment.apply(variable);
        return OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(name.substring(2).toUpperCase(Locale.ROOT))
                .description(variable.isEmpty() ? description : description + "; or " + variable)
                .defaultValue(set == null || set.isBlank() ? null : set)
                .build();
    }
}
