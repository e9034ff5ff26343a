package io.flinkha.agent.injection;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options of Flink's entry point at the head of its words, as it reads them: what follows the first
 * word that is none of them is the job's own.
 *
 * @param opaque there are variables among them that may stand for any option
 */
record FlinkOptions(List<Option> all, boolean opaque) {
    private static final Set<String> WITH_VALUE =
            Set.of(
                    "c",
                    "configDir",
                    "r",
                    "webui-port",
                    "h",
                    "host",
                    "x",
                    "executionMode",
                    "j",
                    "job-classname",
                    "jid",
                    "job-id",
                    "s",
                    "fromSavepoint",
                    "rm",
                    "restoreMode",
                    "claimMode");
    private static final Set<String> WITHOUT = Set.of("n", "allowNonRestoredState");
    private static final Set<String> CLASS = Set.of("j", "job-classname");

    /**
     * @param value the end of the word at {@code at}
     */
    record Option(String name, String value, int at) {
        boolean sets(String key) {
            return name.equals("D") && value.startsWith(key + "=");
        }
    }

    static FlinkOptions of(List<String> words) {
        List<Option> all = new ArrayList<>();
        boolean opaque = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("$")) {
                opaque = true;
                continue;
            }
            if (!word.startsWith("-") || word.equals("-") || word.equals("--")) {
                break;
            }
            Option option = option(words, i);
            if (option != null) {
                all.add(option);
                i = option.at();
            } else if (word.matches("--?jars")) {
                while (i + 1 < words.size() && !words.get(i + 1).startsWith("-")) {
                    i++;
                }
            } else if (!WITHOUT.contains(bare(word))) {
                break;
            }
        }
        return new FlinkOptions(all, opaque);
    }

    private static String bare(String word) {
        return word.replaceFirst("^--?", "").replaceFirst("=.*", "");
    }

    private static @Nullable Option option(List<String> words, int at) {
        String word = words.get(at);
        String name = bare(word);
        boolean next = at + 1 < words.size();
        if (word.startsWith("-D")) {
            return word.length() > 2
                    ? new Option("D", word.substring(2), at)
                    : next ? new Option("D", words.get(at + 1), at + 1) : null;
        }
        if (WITH_VALUE.contains(name)) {
            int equals = word.indexOf('=');
            return equals > 0
                    ? new Option(name, word.substring(equals + 1), at)
                    : next ? new Option(name, words.get(at + 1), at + 1) : null;
        }
        return word.matches("-j.+") ? new Option("j", word.substring(2), at) : null;
    }

    @Nullable Option jobClass() {
        return all.stream()
                .filter(option -> CLASS.contains(option.name()))
                .findFirst()
                .orElse(null);
    }

    boolean set(String key) {
        return all.stream().anyMatch(option -> option.sets(key));
    }
}
