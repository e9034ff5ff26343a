package io.flinkha.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    @TempDir Path runDir;

    private Map<String, String> right() {
        Map<String, String> right = new HashMap<>();
        right.put("flink-ha.cluster-id", "orders");
        right.put("flink-ha.pod.name", "orders-jm-x");
        right.put("flink-ha.pod.uid", "u1");
        right.put("flink-ha.run-dir", runDir.toString());
        right.put("flink-ha.storage.uri", "file:///data/ha");
        return right;
    }

    private CheckedConfig check(Map<String, String> settings) throws CheckedConfig.WrongConfig {
        AgentConfig config =
                new SmallRyeConfigBuilder()
                        .withMapping(AgentConfig.class)
                        .withDefaultValues(settings)
                        .withConverter(
                                Duration.class,
                                100,
                                new io.quarkus.runtime.configuration.DurationConverter())
                        .build()
                        .getConfigMapping(AgentConfig.class);
        return CheckedConfig.of(config, "from-kubeconfig");
    }

    private List<String> mistakes(String key, @Nullable String value) {
        Map<String, String> settings = right();
        if (value == null) {
            settings.remove(key);
        } else {
            settings.put(key, value);
        }
        return assertThrows(CheckedConfig.WrongConfig.class, () -> check(settings)).mistakes();
    }

    @Test
    void theDefaultsAreTheDocumentedProfile() throws CheckedConfig.WrongConfig {
        CheckedConfig config = check(right());
        assertEquals(Duration.ofSeconds(60), config.settings().leaseDuration());
        assertEquals(Duration.ofSeconds(45), config.settings().renewDeadline());
        assertEquals(Duration.ofSeconds(10), config.settings().retryPeriod());
        assertEquals("orders-jm-x/u1", config.holder());
        assertEquals("from-kubeconfig/orders", config.directory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///data/ha",
                "s3://flink-prod",
                "s3://flink_prod/some/path/",
                "gs://flink-prod/ha",
                "abfss://ha@prod.dfs.core.windows.net/x",
                "wasbs://ha@prod.blob.core.windows.net"
            })
    void everyKindOfStorageIsNamedByItsUri(String uri) throws CheckedConfig.WrongConfig {
        Map<String, String> settings = right();
        settings.put("flink-ha.storage.uri", uri);
        assertEquals(URI.create(uri), check(settings).storage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/ha",
                "file://data/ha",
                "file:data",
                "s3:///path",
                "s3://key@bucket/path",
                "s3://bucket/path?region=x",
                "s3a://bucket",
                "abfss://prod.dfs.core.windows.net/x",
                "wasbs://ha@prod/x",
                "abfss://ha:key@prod.dfs.core.windows.net/x",
                "no uri"
            })
    void aStorageUriThatIsNoneIsTold(String uri) {
        List<String> mistakes = mistakes("flink-ha.storage.uri", uri);
        assertEquals(1, mistakes.size(), mistakes::toString);
        assertTrue(
                mistakes.getFirst().contains("'" + uri + "': give file:///"), mistakes::toString);
    }

    @Test
    void eachMistakeIsOneSentenceThatNamesItsKey() {
        Map<String, @Nullable String> wrong = new HashMap<>();
        wrong.put("flink-ha.cluster-id", "Not_A_Name");
        wrong.put("flink-ha.pod.name", null);
        wrong.put("flink-ha.pod.uid", null);
        wrong.put("flink-ha.run-dir", "/does/not/exist");
        wrong.put("flink-ha.storage.uri", "s3:bucket");
        wrong.put("flink-ha.storage.timeout", "0s");
        wrong.put("flink-ha.lease.renew-deadline", "59s");
        wrong.put("flink-ha.lease.retry-period", "44s");
        wrong.put("flink-ha.log.format", "yaml");
        wrong.put("flink-ha.restart.max-failures", "0");
        wrong.put("flink-ha.restart.on-failed", "maybe");
        wrong.put("flink-ha.restore.strategy", "LATEST");
        wrong.put("flink-ha.restore.nonce", "n1");
        wrong.forEach((key, value) -> {
            List<String> found = mistakes(key, value);
            assertEquals(1, found.size(), found::toString);
            assertTrue(found.get(0).contains(key) && found.get(0).endsWith("."), found::toString);
        });
    }

    /**
     * An injected Job is not to find out at its agent's start, once it is too late to correct it.
     */
    @ParameterizedTest
    @CsvSource({
        "lease.duration, 59x",
        "lease.retry-period, 0s",
        "log.format, yaml",
        "restart.max-failures, 0",
        "restart.max-failures, many",
        "restart.on-failed, maybe",
        "restart.window, an hour",
        "restore.claim-mode, CLAIM",
        "restore.max-age, 1 day or so",
        "restore.strategy, LATEST",
        "keep-previous-runs, -1",
        "storage.timeout, 0s"
    })
    void whatTheAgentWouldNotStartWithIsKnownBefore(String key, String value) {
        assertTrue(AgentSettings.inPlaceOf(key, value).isPresent());
        Map<String, String> settings = right();
        settings.put("flink-ha." + key, value);
        assertThrows(Exception.class, () -> check(settings));
    }

    @ParameterizedTest
    @CsvSource({
        "lease.duration, 2m",
        "lease.duration, 60",
        "restart.window, PT2H",
        "restore.max-age, 7d",
        "restart.max-failures, 1",
        "restore.claim-mode, claim",
        "restore.strategy, latest-savepoint",
        "keep-previous-runs, 0",
        "warm-standby, true",
        "storage.timeout, 500ms"
    })
    void whatTheAgentTakesIsTakenBefore(String key, String value) throws CheckedConfig.WrongConfig {
        assertEquals(Optional.empty(), AgentSettings.inPlaceOf(key, value));
        Map<String, String> settings = right();
        settings.put("flink-ha." + key, value);
        check(settings);
    }

    /** Outside of a Job nothing could be suspended, and the job would end unparked. */
    @Test
    void parkingNeedsAJob() throws CheckedConfig.WrongConfig {
        List<String> found = mistakes("flink-ha.restart.on-failed", "park");
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).contains("flink-ha.job.name"), found::toString);
        Map<String, String> inAJob = right();
        inAJob.put("flink-ha.restart.on-failed", "park");
        inAJob.put("flink-ha.job.name", "orders");
        inAJob.put("flink-ha.controller-uid", "u2");
        assertEquals(OnFailed.PARK, check(inAJob).settings().restart().onFailed());
    }

    @Test
    void aNamedPathIsItsOwnNonce() throws CheckedConfig.WrongConfig {
        Map<String, String> named = right();
        named.put("flink-ha.restore.path", "s3://b/savepoint-1");
        assertEquals(
                new RestorePolicy(
                        RestorePolicy.Strategy.LATEST_STATE,
                        "s3://b/savepoint-1",
                        "s3://b/savepoint-1",
                        false,
                        ClaimMode.NO_CLAIM,
                        null,
                        false,
                        1),
                check(named).settings().restore());
        assertEquals(RestorePolicy.LATEST_STATE, check(right()).settings().restore());
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        Map<String, String> nothing = Map.of("flink-ha.run-dir", "/does/not/exist");
        assertEquals(
                5,
                assertThrows(CheckedConfig.WrongConfig.class, () -> check(nothing))
                        .mistakes()
                        .size());
    }

    @Test
    void theDocumentNamesEverySettingItsVariableAndItsDefault() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("docs/CONFIGURATION.md"));
        Map<String, String> settings = new HashMap<>();
        collect(AgentConfig.class, "flink-ha", settings);
        portsOf(settings);
        assertEquals(34, settings.size(), settings::toString);
        AgentSettings.ofAJob()
                .forEach(key -> {
                    assertTrue(settings.containsKey("flink-ha." + key), key);
                    String byDefault = settings.getOrDefault("flink-ha." + key, "");
                    assertTrue(
                            byDefault.isEmpty()
                                    || AgentSettings.inPlaceOf(key, byDefault).isEmpty(),
                            key);
                });
        settings.forEach((key, byDefault) -> {
            assertEquals(
                    key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"),
                    AgentSettings.variable(key.substring("flink-ha.".length())));
            String variable = key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
            Stream<String> row =
                    rows.stream()
                            .filter(line ->
                                    line.startsWith("| `%s` | `%s` |".formatted(key, variable)));
            List<String> found = row.toList();
            assertEquals(1, found.size(), key);
            assertTrue(
                    byDefault.isEmpty() || found.get(0).contains("| `" + byDefault + "` |"),
                    key + " = " + byDefault);
        });
    }

    private static void collect(Class<?> type, String prefix, Map<String, String> into) {
        for (Method method : type.getDeclaredMethods()) {
            String name = method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (method.getReturnType().isMemberClass() && method.getReturnType().isInterface()) {
                collect(method.getReturnType(), prefix + "." + name, into);
            } else {
                WithDefault byDefault = method.getAnnotation(WithDefault.class);
                into.put(prefix + "." + name, byDefault == null ? "" : byDefault.value());
            }
        }
    }

    /** The two ports are Quarkus' own settings, given through ours. */
    private static void portsOf(Map<String, String> into) throws IOException {
        Properties properties = new Properties();
        try (InputStream in =
                Objects.requireNonNull(
                        ConfigurationTest.class.getResourceAsStream("/application.properties"))) {
            properties.load(in);
        }
        for (String key : new ArrayList<>(properties.stringPropertyNames())) {
            String value = properties.getProperty(key);
            if (value.startsWith("${flink-ha.")) {
                int colon = value.indexOf(':');
                into.put(value.substring(2, colon), value.substring(colon + 1, value.indexOf('}')));
            }
        }
    }
}
