package io.flinkha.lab;

import java.util.HashMap;
import java.util.Map;

/** A command and its options, {@code --name value}. */
record Arguments(String command, Map<String, String> options) {

    static Arguments of(String[] args) {
        if (args.length % 2 == 0) {
            throw new IllegalArgumentException(
                    "Usage: <command> [--option value]…, every option with a value");
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < args.length; i += 2) {
            if (!args[i].startsWith("--")) {
                throw new IllegalArgumentException("Not an option: " + args[i]);
            }
            options.put(args[i].substring(2), args[i + 1]);
        }
        return new Arguments(args[0], options);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    String get(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }
}
