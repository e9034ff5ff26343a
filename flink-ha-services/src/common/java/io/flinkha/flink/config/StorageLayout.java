package io.flinkha.flink.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.jspecify.annotations.Nullable;

/**
 * Gives Flink its directories below {@code flink-ha.storage.uri}, and its cluster-ids, where the
 * user has not set them.
 */
public final class StorageLayout {
    /** Of flink-kubernetes, which need not be in a JobManager's lib/. */
    private static final ConfigOption<String> KUBERNETES_CLUSTER_ID =
            ConfigOptions.key("kubernetes.cluster-id").stringType().noDefaultValue();

    private static final Pattern URI_FORM =
            Pattern.compile(
                    "file:(//)?/(?!/)[^?#]*|(s3|gs)://[^/:@?#]+(/[^?#]*)?"
                            + "|(abfss|wasbs)://[^/:@?#]+@[^/:@?#]+(/[^?#]*)?");

    /** What Kubernetes allows; anything else would also be another directory. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private final Configuration configuration;
    private final Function<String, @Nullable String> environment;
    private final List<EffectiveSetting> effective = new ArrayList<>();

    private StorageLayout(
            Configuration configuration, Function<String, @Nullable String> environment) {
        this.configuration = configuration;
        this.environment = environment;
    }

    /**
     * Sets what can be derived, and returns what Flink will use. To be called before anything reads
     * these settings: Flink keeps this very object, and makes its blob server, its JobMaster and
     * the page of its configuration from it later.
     */
    public static List<EffectiveSetting> complete(
            Configuration configuration, Function<String, @Nullable String> environment) {
        return new StorageLayout(configuration, environment).complete();
    }

    private List<EffectiveSetting> complete() {
        Optional<Given> uri = given(AgentOptions.STORAGE_URI);
        uri.ifPresent(StorageLayout::requireUri);
        Optional<Given> clusterId = given(AgentOptions.CLUSTER_ID);
        clusterId.ifPresent(StorageLayout::requireName);
        settle(HighAvailabilityOptions.HA_CLUSTER_ID, clusterId);
        settle(KUBERNETES_CLUSTER_ID, clusterId);
        settleDirectory(HighAvailabilityOptions.HA_STORAGE_PATH, uri, "flink");
        settleDirectory(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri, "checkpoints");
        settleDirectory(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri, "savepoints");
        return effective;
    }

    private void settleDirectory(ConfigOption<String> option, Optional<Given> uri, String name) {
        boolean derived = uri.isPresent() && configuration.getOptional(option).isEmpty();
        settle(option, derived ? Optional.of(directory(uri.get(), name)) : Optional.empty());
    }

    private Given directory(Given uri, String name) {
        String place =
                "/" + required(AgentOptions.NAMESPACE) + "/" + required(AgentOptions.CLUSTER_ID);
        return new Given(uri.key, uri.value.replaceAll("/+$", "") + place + "/" + name);
    }

    private String required(ConfigOption<String> option) {
        Given given =
                given(option)
                        .orElseThrow(() ->
                                new IllegalConfigurationException(
                                        option.key()
                                                + " is missing, but "
                                                + AgentOptions.STORAGE_URI.key()
                                                + " is given: set it, or the environment variable "
                                                + variable(option)
                                                + ", to the agent's."));
        requireName(given);
        return given.value;
    }

    /** A user's own value wins. */
    private void settle(ConfigOption<String> option, Optional<Given> derived) {
        Optional<String> own = configuration.getOptional(option);
        if (own.isPresent()) {
            effective.add(new EffectiveSetting(option.key(), own.get(), "set by the user"));
        } else if (derived.isPresent()) {
            String value = derived.get().value;
            configuration.set(option, value);
            effective.add(new EffectiveSetting(option.key(), value, "from " + derived.get().key));
        }
    }

    private Optional<Given> given(ConfigOption<String> option) {
        return configuration
                .getOptional(option)
                .map(value -> new Given(option.key(), value))
                .or(() ->
                        Optional.ofNullable(environment.apply(variable(option)))
                                .map(value -> new Given(variable(option), value)))
                .filter(given -> !given.value.isBlank());
    }

    private static String variable(ConfigOption<String> option) {
        return option.key().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static void requireUri(Given uri) {
        try {
            if (URI_FORM.matcher(new URI(uri.value).toString()).matches()) {
                return;
            }
        } catch (URISyntaxException e) {
            // Said below, in the same words as a wrong scheme; its message could hold a password.
        }
        throw new IllegalConfigurationException(
                uri.key
                        + " is '"
                        + EffectiveSetting.withoutSecrets(uri.value)
                        + "': give file:///path, s3://bucket/path, gs://bucket/path,"
                        + " abfss://container@account.dfs.core.windows.net/path or"
                        + " wasbs://container@account.blob.core.windows.net/path, without"
                        + " credentials.");
    }

    private static void requireName(Given name) {
        if (!NAME.matcher(name.value).matches()) {
            throw new IllegalConfigurationException(
                    name.key
                            + " is '"
                            + name.value
                            + "': use lower-case letters, digits and '-', as Kubernetes names want"
                            + " it.");
        }
    }

    /** Flink would find out at its first file, and say it in a stack trace. */
    public static void requireFileSystems(List<EffectiveSetting> effective, String flink) {
        for (EffectiveSetting setting : effective) {
            if (setting.name().endsWith("cluster-id")) {
                continue;
            }
            Path path = new Path(setting.value());
            try {
                var unused = path.getFileSystem();
            } catch (UnsupportedFileSystemSchemeException e) {
                throw new IllegalConfigurationException(
                        setting
                                + " needs a file system that this Flink does not have: "
                                + remedy(String.valueOf(path.toUri().getScheme()), flink)
                                + ", in the containers of the JobManager and of the TaskManagers.",
                        e);
            } catch (IOException e) {
                // A storage that does not answer yet: Flink meets it again, and tries again.
            }
        }
    }

    private static String remedy(String scheme, String flink) {
        String name;
        switch (scheme) {
            case "s3":
            case "s3a":
                name = "s3-fs-hadoop";
                break;
            case "gs":
                name = "gs-fs-hadoop";
                break;
            case "abfs":
            case "abfss":
            case "wasb":
            case "wasbs":
                name = "azure-fs-hadoop";
                break;
            default:
                return "put the plugin for " + scheme + " into plugins/<name>/";
        }
        return "copy flink-"
                + name
                + "-"
                + flink
                + ".jar from Flink's opt/ into plugins/"
                + name
                + "/";
    }

    /** A value and the key or the variable that it was found under. */
    private static final class Given {
        private final String key;
        private final String value;

        Given(String key, String value) {
            this.key = key;
            this.value = value;
        }
    }
}
