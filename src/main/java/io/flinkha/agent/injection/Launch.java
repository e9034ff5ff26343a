package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a JobManager's container, with our options where Flink reads its own.
 *
 * <p>Known are Flink's entry point for one application, its start script and the word that its
 * image's entry point takes for it; each as a word of its own, or within a line for a shell.
 */
final class Launch {
    static final String LAUNCHER = "io.flinkha.flink.JobLauncher";

    private static final String HA_TYPE = "high-availability.type";
    private static final String HA_FACTORY = "io.flinkha.flink.AgentHaServicesFactory";
    private static final String JOB_CLASS = "flink-ha.job.class";
    private static final String TERM_GRACE = "flink-ha.term.grace";
    private static final String CLASS_OPTION = "--job-classname";
    private static final Set<String> CLASS_OPTIONS = Set.of(CLASS_OPTION, "-j");

    private static final Pattern ENTRY =
            Pattern.compile(
                    "(?:\\S*/)?standalone-job\\.sh|standalone-job|org\\.apache\\.flink\\.container\\.entrypoint\\.StandaloneApplicationClusterEntryPoint");
    private static final Pattern SCRIPT = Pattern.compile("(?:\\S*/)?standalone-job\\.sh");
    private static final Pattern ENTRY_IN_LINE =
            Pattern.compile(
                    "(?:\\S*/)?standalone-job\\.sh\\s+start-foreground|(?<=\\s|^)standalone-job(?=\\s|$)|org\\.apache\\.flink\\.container\\.entrypoint\\.StandaloneApplicationClusterEntryPoint");
    private static final Pattern CLASS_IN_LINE =
            Pattern.compile("(?<=\\s)(--job-classname|-j)(?:\\s+|=)(\\S+)");
    private static final Pattern OTHER_KINDS =
            Pattern.compile(
                    "(?:\\S*/)?(jobmanager(\\.sh)?|kubernetes-(jobmanager|session)\\.sh|\\S*(Session|Kubernetes\\w*)ClusterEntrypoint)");

    private final String where;
    private final List<String> options;

    /**
     * @param where the container, for people
     * @param graceSeconds that the pod is given to end
     * @param controlPort where the agent listens, null for its default
     */
    Launch(String where, long graceSeconds, @Nullable String controlPort) {
        this.where = where;
        this.options = new ArrayList<>();
        options.add(setting("jobmanager.rpc.address", "$(FLINK_HA_POD_IP)"));
        options.add(setting("rest.address", "$(FLINK_HA_POD_IP)"));
        if (controlPort != null) {
            options.add(setting("flink-ha.agent.address", "http://127.0.0.1:" + controlPort));
        }
        if (graceSeconds < 30) {
            options.add(setting(TERM_GRACE, Math.max(1, graceSeconds - 10) + "s"));
        }
    }

    private static String setting(String key, String value) {
        return "-D" + key + "=" + value;
    }

    void takeOver(ObjectNode container) throws NotInjectableException {
        List<String> command = words(container, "command");
        List<String> args = words(container, "args");
        List<String> all = Stream.concat(command.stream(), args.stream()).toList();
        for (int i = 0; i < all.size(); i++) {
            String word = all.get(i);
            if (ENTRY.matcher(word).matches()) {
                int from = SCRIPT.matcher(word).matches() ? afterForeground(all, i) : i + 1;
                List<String> taken = taken(all, from);
                int commands =
                        from <= command.size()
                                ? command.size() + taken.size() - all.size()
                                : command.size();
                set(container, "command", taken.subList(0, commands));
                set(container, "args", taken.subList(commands, taken.size()));
                return;
            }
            if (word.indexOf(' ') > 0 && ENTRY_IN_LINE.matcher(word).find()) {
                List<String> taken = new ArrayList<>(all);
                taken.set(i, line(word));
                set(container, "command", taken.subList(0, command.size()));
                set(container, "args", taken.subList(command.size(), taken.size()));
                return;
            }
        }
        throw unknown(all);
    }

    private NotInjectableException unknown(List<String> all) {
        boolean otherKind = all.stream().anyMatch(word -> OTHER_KINDS.matcher(word).matches());
        return new NotInjectableException(
                otherKind
                        ? "%s starts a session cluster, or Flink's native Kubernetes integration: give each job a cluster of its own by standalone-job."
                                .formatted(where)
                        : "%s: neither command nor args start Flink for one application: name standalone-job, bin/standalone-job.sh or StandaloneApplicationClusterEntryPoint there, or the right container in annotation flinkha.io/job.container."
                                .formatted(where));
    }

    private int afterForeground(List<String> all, int script) throws NotInjectableException {
        if (script + 1 < all.size() && all.get(script + 1).equals("start-foreground")) {
            return script + 2;
        }
        throw new NotInjectableException(
                "%s: standalone-job.sh without start-foreground leaves nothing behind for the kubelet to watch: add it."
                        .formatted(where));
    }

    /** All words, with ours before the first one that Flink reads. */
    private List<String> taken(List<String> all, int from) throws NotInjectableException {
        List<String> rest = new ArrayList<>(all.subList(from, all.size()));
        int end = rest.indexOf("--");
        List<String> flinks = rest.subList(0, end < 0 ? rest.size() : end);
        refuse(flinks);
        String jobClass = takeClass(flinks);
        List<String> taken = new ArrayList<>(all.subList(0, from));
        taken.addAll(missing(jobClass, flinks));
        taken.addAll(rest);
        return taken;
    }

    private List<String> missing(@Nullable String jobClass, List<String> flinks) {
        List<String> wanted = new ArrayList<>();
        wanted.add(setting(HA_TYPE, HA_FACTORY));
        wanted.addAll(options);
        List<String> missing =
                new ArrayList<>(
                        wanted.stream().filter(option -> !isSet(key(option), flinks)).toList());
        if (jobClass != null && !jobClass.equals(LAUNCHER)) {
            missing.add(setting(JOB_CLASS, jobClass));
        }
        if (jobClass == null) {
            missing.addAll(List.of(CLASS_OPTION, LAUNCHER));
        }
        return missing;
    }

    private static String key(String option) {
        return option.substring(2, option.indexOf('='));
    }

    private static boolean isSet(String key, List<String> words) {
        return words.stream()
                .anyMatch(word -> word.startsWith("-D" + key + "=") || word.startsWith(key + "="));
    }

    /** The user's class; the launcher stands in its place then. Null if there was none. */
    private static @Nullable String takeClass(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (CLASS_OPTIONS.contains(word) && i + 1 < words.size()) {
                return words.set(i + 1, LAUNCHER);
            }
            if (word.startsWith(CLASS_OPTION + "=")) {
                words.set(i, CLASS_OPTION + "=" + LAUNCHER);
                return word.substring(word.indexOf('=') + 1);
            }
        }
        return null;
    }

    private void refuse(List<String> words) throws NotInjectableException {
        for (String word : words) {
            switch (word.replaceAll("=.*", "")) {
                case "-s", "--fromSavepoint" ->
                        throw refused(word, "give the path in annotation flinkha.io/restore.path");
                case "-jid", "--job-id" ->
                        throw refused(word, "leave it out, each run has an id of its own");
                case "-D" + HA_TYPE, HA_TYPE, "-Dhigh-availability", "high-availability" -> {
                    if (!word.endsWith("=" + HA_FACTORY)) {
                        throw refused(word, "leave it out, this is the agent's");
                    }
                }
                default -> {}
            }
        }
    }

    private NotInjectableException refused(String word, String advice) {
        return new NotInjectableException(
                "%s is started with %s: %s. (What is the job's own goes behind a bare --.)"
                        .formatted(where, word, advice));
    }

    private String line(String line) throws NotInjectableException {
        Matcher entry = ENTRY_IN_LINE.matcher(line);
        boolean unused = entry.find();
        String head = line.substring(0, entry.end());
        String tail = line.substring(entry.end());
        refuse(List.of(tail.split("\\s+--(?:\\s|$)", 2)[0].strip().split("\\s+")));
        Matcher jobClass = CLASS_IN_LINE.matcher(tail);
        String known = jobClass.find() ? jobClass.group(2) : null;
        String replaced = known == null ? tail : jobClass.replaceFirst("$1 " + LAUNCHER);
        List<String> missing = missing(known, List.of(tail.strip().split("\\s+")));
        return missing.isEmpty()
                ? head + replaced
                : head + " " + String.join(" ", missing) + replaced;
    }

    private static List<String> words(ObjectNode container, String field) {
        return Json.items(container.path(field)).map(JsonNode::asText).toList();
    }

    private static void set(ObjectNode container, String field, List<String> words) {
        if (words.isEmpty()) {
            container.remove(field);
            return;
        }
        ArrayNode array = container.putArray(field);
        words.forEach(array::add);
    }
}
