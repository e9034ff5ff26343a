package io.flinkha.demo;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;

/** Words {@code --name value}. Flink's ParameterTool has another package on 1.20 than on 2.x. */
final class JobArguments {
    private final Configuration values;

    private JobArguments(Configuration values) {
        this.values = values;
    }

    static JobArguments of(String[] args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            values.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        return new JobArguments(Configuration.fromMap(values));
    }

    String required(String name) {
        ConfigOption<String> option = ConfigOptions.key(name).stringType().noDefaultValue();
        return values.getOptional(option)
                .orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
    }

    String text(String name, String otherwise) {
        return values.get(ConfigOptions.key(name).stringType().defaultValue(otherwise));
    }

    long number(String name, long otherwise) {
        return values.get(ConfigOptions.key(name).longType().defaultValue(otherwise));
    }

    double decimal(String name, double otherwise) {
        return values.get(ConfigOptions.key(name).doubleType().defaultValue(otherwise));
    }
}
