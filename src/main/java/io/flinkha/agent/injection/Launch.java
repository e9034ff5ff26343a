package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.injection.FlinkOptions.Option;
import io.flinkha.agent.injection.ShellLine.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a JobManager's container, with our options where Flink reads its own, behind
 * the supervisor.
 *
 * <p>Known are Flink's entry point for one application, its start script and the word that its
 * image's entry point takes for it; each as a word of its own, or within a line for a shell.
 */
final class Launch {
    static final String LAUNCHER = "io.flinkha.flink.JobLauncher";

    /** What starts the rest of a command, and again when it ends. */
    static final List<String> SUPERVISOR = List.of("/opt/flink-ha/services/flink-ha-run", "--");

    private static final String HA_TYPE = "high-availability.type";
    private static final String HA_FACTORY = "io.flinkha.flink.AgentHaServicesFactory";
    private static final String JOB_CLASS = "flink-ha.job.class";
    private static final String TERM_GRACE = "flink-ha.term.grace";
    private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z_][\\w.$]*");

    /** Where {@code $} is the shell's. */
    private static final Pattern CLASS_IN_LINE = Pattern.compile("[A-Za-z_][\\w.]*");

    private static final Pattern ENTRY =
            Pattern.compile(
                    "(?:\\S*/)?standalone-job\\.sh|standalone-job|org\\.apache\\.flink\\.container\\.entrypoint\\.StandaloneApplicationClusterEntryPoint");
    private static final Pattern SCRIPT = Pattern.compile("(?:\\S*/)?standalone-job\\.sh");
    private static final Pattern ENTRY_IN_LINE =
            Pattern.compile(
                    "(?:\\S*/)?standalone-job\\.sh[\"']?\\s+start-foreground|(?<=\\s|^)standalone-job(?=\\s|$)|org\\.apache\\.flink\\.container\\.entrypoint\\.StandaloneApplicationClusterEntryPoint");
    private static final Pattern OTHER_KINDS =
            Pattern.compile(
                    "(?:\\S*/)?(jobmanager(\\.sh)?|kubernetes-(jobmanager|session)\\.sh|\\S*(Session|Kubernetes\\w*)ClusterEntrypoint)");

    private final String where;
    private final String clusterId;
    private final List<String> entrypoint;
    private final List<String> options;

    /**
     * @param where the container, for people
     * @param entrypoint the image's, for a container that names no command
     * @param graceSeconds that the pod is given to end
     * @param controlPort where the agent listens, null for its default
     */
    Launch(
            String where,
            String clusterId,
            List<String> entrypoint,
            long graceSeconds,
            @Nullable String controlPort) {
        this.where = where;
        this.clusterId = clusterId;
        this.entrypoint = entrypoint;
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
        List<String> command = supervised(words(container, "command"));
        List<String> all =
                new ArrayList<>(
                        Stream.concat(command.stream(), words(container, "args").stream())
                                .toList());
        int before = all.size();
        int from = taken(all);
        int commands =
                from <= command.size() ? command.size() + all.size() - before : command.size();
        set(container, "command", all.subList(0, commands));
        set(container, "args", all.subList(commands, all.size()));
    }

    /** Kubernetes takes a command for the image's entry point: there it has to be named. */
    private List<String> supervised(List<String> command) {
        List<String> named = command.isEmpty() ? entrypoint : command;
        return named.getFirst().equals(SUPERVISOR.getFirst())
                ? named
                : Stream.concat(SUPERVISOR.stream(), named.stream()).toList();
    }

    /** Returns the place before which nothing was put in. */
    private int taken(List<String> all) throws NotInjectableException {
        for (int i = 0; i < all.size(); i++) {
            String word = all.get(i);
            if (ENTRY.matcher(word).matches()) {
                int from = SCRIPT.matcher(word).matches() ? afterForeground(all, i) : i + 1;
                FlinkOptions given = FlinkOptions.of(all.subList(from, all.size()));
                Option jobClass = checked(given, CLASS_NAME);
                if (jobClass != null) {
                    replace(all, from + jobClass.at(), jobClass.value());
                }
                all.addAll(from, missing(given, jobClass));
                return from;
            }
            if (word.indexOf(' ') > 0 && ENTRY_IN_LINE.matcher(word).find()) {
                takeLine(all, i);
                return all.size();
            }
        }
        throw unknown(all);
    }

    private static void replace(List<String> words, int at, String end) {
        String word = words.get(at);
        words.set(at, word.substring(0, word.length() - end.length()) + LAUNCHER);
    }

    /** The line's own words, and where it passes them on, those that follow its {@code $0}. */
    private void takeLine(List<String> all, int at) throws NotInjectableException {
        String line = all.get(at);
        Matcher entry = ENTRY_IN_LINE.matcher(line);
        boolean first = entry.find();
        int from = entry.end();
        if (!first || entry.find()) {
            throw new NotInjectableException(
                    "%s names Flink's start more than once in one line: leave one, the one that is executed."
                            .formatted(where));
        }
        List<String> words = new ArrayList<>();
        List<Word> places = new ArrayList<>();
        int passedOn = -1;
        for (Word word : ShellLine.of(line, from).words()) {
            if (word.isPositional()) {
                passedOn = words.size();
                List<String> own = all.subList(Math.min(all.size(), at + 2), all.size());
                words.addAll(own);
                own.forEach(one -> places.add(word));
            } else {
                words.add(word.text());
                places.add(word);
            }
        }
        FlinkOptions given = FlinkOptions.of(words);
        Option jobClass = checked(given, CLASS_IN_LINE);
        if (jobClass != null) {
            Word place = places.get(jobClass.at());
            if (place.isPositional()) {
                replace(all, at + 2 + jobClass.at() - passedOn, jobClass.value());
            } else {
                String word = line.substring(place.from(), place.to());
                int start = place.from() + word.lastIndexOf(jobClass.value());
                line =
                        line.substring(0, start)
                                + LAUNCHER
                                + line.substring(start + jobClass.value().length());
            }
        }
        List<String> missing = missing(given, jobClass);
        if (!missing.isEmpty()) {
            line = line.substring(0, from) + " " + String.join(" ", missing) + line.substring(from);
        }
        all.set(at, line);
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

    private List<String> missing(FlinkOptions given, @Nullable Option jobClass) {
        List<String> missing = new ArrayList<>();
        Stream.concat(Stream.of(setting(HA_TYPE, HA_FACTORY)), options.stream())
                .filter(option -> !given.set(option.substring(2, option.indexOf('='))))
                .forEach(missing::add);
        if (jobClass == null) {
            missing.addAll(List.of("--job-classname", LAUNCHER));
        } else if (!jobClass.value().equals(LAUNCHER)) {
            missing.add(setting(JOB_CLASS, jobClass.value()));
        }
        return missing;
    }

    /** The class among them; null if there is none. */
    private @Nullable Option checked(FlinkOptions given, Pattern className)
            throws NotInjectableException {
        for (Option option : given.all()) {
            switch (option.name()) {
                case "s", "fromSavepoint" ->
                        throw refused(
                                option, "give the path in annotation flinkha.io/restore.path");
                case "jid", "job-id" ->
                        throw refused(option, "leave it out, each run has an id of its own");
                case "D" -> checkSetting(option);
                default -> {}
            }
        }
        Option jobClass = given.jobClass();
        if (jobClass != null && !className.matcher(jobClass.value()).matches()) {
            throw refused(jobClass, "write the class as one plain word");
        }
        if (jobClass == null && given.opaque()) {
            throw new NotInjectableException(
                    "%s names no class, and a variable among Flink's options may: write --job-classname out."
                            .formatted(where));
        }
        return jobClass;
    }

    private void checkSetting(Option option) throws NotInjectableException {
        String value = option.value().substring(option.value().indexOf('=') + 1);
        if ((option.sets(HA_TYPE) || option.sets("high-availability"))
                && !value.equals(HA_FACTORY)) {
            throw refused(option, "leave it out, this is the agent's");
        }
        boolean named =
                option.sets("kubernetes.cluster-id") || option.sets("high-availability.cluster-id");
        if (named && !value.equals(clusterId)) {
            throw refused(
                    option,
                    "the agent's cluster-id is '%s', by the Job's name or annotation flinkha.io/cluster-id; make them one"
                            .formatted(clusterId));
        }
    }

    private NotInjectableException refused(Option option, String advice) {
        return new NotInjectableException(
                "%s is started with -%s %s: %s. (What is the job's own goes behind a bare --.)"
                        .formatted(where, option.name(), option.value(), advice));
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
