package io.flinkha.lab;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** An experiment and its options, {@code --name value}. */
record Arguments(String experiment, Map<String, String> options) {

    static Arguments of(String[] args) {
        if (args.length % 2 == 0) {
            throw new IllegalArgumentException(
                    "Usage: <experiment> [--option value]…, every option with a value");
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

    /** Those in whose names the expression is found; all of them without one. */
    Predicate<String> only() {
        return Pattern.compile(get("only", "")).asPredicate();
    }

    int number(String option, int otherwise) {
        return Integer.parseInt(get(option, Integer.toString(otherwise)));
    }

    String get(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }
}
