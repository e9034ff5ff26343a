package io.flinkha.agent.command;

import io.flinkha.agent.config.AgentSetting;
import java.util.Locale;
import java.util.Objects;
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

    /** Null where it was not given, or is none of the command's. */
    static @Nullable String given(CommandSpec spec, AgentSetting<?> setting) {
        return has(spec, setting) ? given(spec, name(setting)) : null;
    }

    static boolean has(CommandSpec spec, AgentSetting<?> setting) {
        return spec.findOption(name(setting)) != null;
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

    static OptionSpec value(String name, String description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(name.substring(2).toUpperCase(Locale.ROOT))
                .description(description)
                .build();
    }

    /** In place of the agent's environment variable, and by default what that says. */
    OptionSpec of(AgentSetting<?> setting) {
        AgentSetting.Option option = option(setting);
        String set = environment.apply(setting.variable());
        return value(option.name(), option.description() + "; or " + setting.variable()).toBuilder()
                .defaultValue(set == null || set.isBlank() ? null : set)
                .build();
    }

    static String name(AgentSetting<?> setting) {
        return option(setting).name();
    }

    private static AgentSetting.Option option(AgentSetting<?> setting) {
        return Objects.requireNonNull(setting.option());
    }
}
