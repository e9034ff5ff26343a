package io.flinkha.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.config.AgentSettings.RestartRules;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
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
        return CheckedConfig.of(
                new SmallRyeConfigBuilder().withDefaultValues(settings).build(), "from-kubeconfig");
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
    void objectStoresAreWitnessesAndFilesWhereItIsAskedFor() throws CheckedConfig.WrongConfig {
        assertEquals(Duration.ZERO, check(right()).settings().hold());
        Map<String, String> s3 = right();
        s3.put("flink-ha.storage.uri", "s3://bucket/path");
        Settings short15 = check(s3).settings();
        assertEquals(Duration.ofSeconds(6), short15.hold());
        assertEquals(Duration.ofSeconds(15), short15.leaseDuration());
        assertEquals(Duration.ofSeconds(10), short15.renewDeadline());
        assertEquals(Duration.ofSeconds(3), short15.retryPeriod());
        assertEquals("15s", AgentSettings.defaults(short15).get("flink-ha.lease.duration"));
        Map<String, String> file = right();
        file.put("flink-ha.failsafe", "true");
        assertEquals(Duration.ofSeconds(6), check(file).settings().hold());
        s3.put("flink-ha.failsafe", "false");
        assertEquals(Duration.ZERO, check(s3).settings().hold());
        assertEquals(Duration.ofSeconds(60), check(s3).settings().leaseDuration());
    }

    /** Nobody's configuration that was right is refused for what it does not mention. */
    @Test
    void aLeaseThatWasGivenStays() throws CheckedConfig.WrongConfig {
        Map<String, String> s3 = right();
        s3.put("flink-ha.storage.uri", "s3://bucket/path");
        s3.put("flink-ha.lease.renew-deadline", "30s");
        assertEquals(Duration.ofSeconds(60), check(s3).settings().leaseDuration());
        assertEquals(Duration.ofSeconds(6), check(s3).settings().hold());
        s3.put("flink-ha.lease.retry-period", "20s");
        assertEquals(Duration.ZERO, check(s3).settings().hold());
        s3.put("flink-ha.failsafe", "true");
        s3.put("flink-ha.failsafe.hold", "6500ms");
        List<String> found =
                assertThrows(CheckedConfig.WrongConfig.class, () -> check(s3)).mistakes();
        assertEquals(2, found.size(), found::toString);
        assertTrue(found.getFirst().startsWith("flink-ha.failsafe.hold is PT6.5S: "));
        assertTrue(found.getLast().startsWith("flink-ha.lease.retry-period is PT20S: "));
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
        wrong.put("flink-ha.watchdog.poll-timeout", "5s");
        wrong.put("flink-ha.watchdog.on-no-progress", "ignore");
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
        "watchdog.poll-timeout, 5s",
        "failsafe.hold, 3s",
        "failsafe, maybe",
        "storage.timeout, 0s"
    })
    void whatTheAgentWouldNotStartWithIsKnownBefore(String key, String value) {
        assertTrue(ofAJob(key).mistake(value).isPresent());
        List<String> found = mistakes("flink-ha." + key, value);
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).startsWith("flink-ha." + key + " is "), found::toString);
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
        "storage.timeout, 500ms",
        "watchdog.poll-timeout, 10s"
    })
    void whatTheAgentTakesIsTakenBefore(String key, String value) throws CheckedConfig.WrongConfig {
        assertEquals(Optional.empty(), ofAJob(key).mistake(value));
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

    private static AgentSetting<?> ofAJob(String key) {
        AgentSetting<?> setting = AgentSettings.byKey(key);
        assertTrue(setting.isOfAJob());
        return setting;
    }

    /** One that nobody reads would be taken for one that holds. */
    @ParameterizedTest
    @CsvSource({"flink-ha.lease.length, 1", "flink-ha.restart.on-faild, ''"})
    void aSettingThatIsNoneIsTold(String key, String value) {
        assertEquals(
                List.of(key + " is not known: docs/CONFIGURATION.md has all settings."),
                mistakes(key, value));
    }

    /** An environment is shared with others, and a variable may have any name. */
    @Test
    void aVariableOfSomebodyElseIsNoMistake() throws CheckedConfig.WrongConfig {
        Config config =
                new SmallRyeConfigBuilder()
                        .withDefaultValues(right())
                        .withSources(
                                new EnvConfigSource(
                                        Map.of(
                                                "FLINK_HA_ON_CANCEL", "retain",
                                                "flink-ha.on-cancel", "retain",
                                                "FLINK_HA_CLUSTER_ID", "invoices"),
                                        300))
                        .build();
        assertEquals("invoices", CheckedConfig.of(config, "namespace").clusterId());
    }

    @Test
    void whatIsGivenEmptyIsNotGiven() throws CheckedConfig.WrongConfig {
        Map<String, String> settings = right();
        for (String key : List.of("namespace", "restore.max-age", "lease.duration", "job.name")) {
            settings.put("flink-ha." + key, "");
        }
        assertEquals(check(right()), check(settings));
    }

    @Test
    void theInjectorsSettingsAreNotTheAgents() throws CheckedConfig.WrongConfig {
        Map<String, String> defaults = AgentSettings.defaults(check(right()).settings());
        assertEquals("30s", defaults.get("flink-ha.storage.timeout"));
        assertEquals("", defaults.get("flink-ha.storage.uri"));
        assertFalse(defaults.containsKey("flink-ha.injector.agent-image"));
    }

    private static InjectorConfig ofTheInjector(Map<String, String> settings)
            throws CheckedConfig.WrongConfig {
        return InjectorConfig.of(new SmallRyeConfigBuilder().withDefaultValues(settings).build());
    }

    @Test
    void theInjectorAsksForTheRestartRulesUnlessItIsTold() throws Exception {
        assertEquals(
                new InjectorConfig("flink-ha-agent", "", RestartRules.AUTO),
                ofTheInjector(Map.of("flink-ha.injector.restart-rules", " ")));
        assertEquals(
                new InjectorConfig("a", "s3://b/c", RestartRules.FALSE),
                ofTheInjector(
                        Map.of(
                                "flink-ha.injector.agent-image", "a",
                                "flink-ha.injector.storage-uri", "s3://b/c",
                                "flink-ha.injector.restart-rules", "false")));
    }

    @Test
    void theInjectorDoesNotStartWithRulesThatNobodyKnows() {
        assertEquals(
                List.of("flink-ha.injector.restart-rules is 'no': give auto or true or false."),
                assertThrows(
                                CheckedConfig.WrongConfig.class,
                                () ->
                                        ofTheInjector(
                                                Map.of("flink-ha.injector.restart-rules", "no")))
                        .mistakes());
    }

    @Test
    void everyDefaultIsOneThatAJobMayGive() {
        for (AgentSetting<?> setting : AgentSettings.all()) {
            if (!setting.standard().isEmpty()) {
                assertEquals(Optional.empty(), setting.mistake(setting.standard()), setting.name());
            }
        }
    }

    /** Quarkus reads these by itself, given through ours. */
    @Test
    void whatQuarkusReadsHasTheDefaultsOfTheTable() throws IOException {
        Properties properties = new Properties();
        try (InputStream in =
                Objects.requireNonNull(
                        ConfigurationTest.class.getResourceAsStream("/application.properties"))) {
            properties.load(in);
        }
        Map<String, String> defaults = new TreeMap<>();
        Pattern reference = Pattern.compile("\\$\\{(flink-ha\\.[^:]+):([^}]*)}.*");
        for (String key : properties.stringPropertyNames()) {
            Matcher found = reference.matcher(properties.getProperty(key));
            if (found.matches()) {
                defaults.put(found.group(1), found.group(2));
            }
        }
        Map<String, String> table =
                Stream.of(
                                AgentSettings.CONTROL_PORT,
                                AgentSettings.MANAGEMENT_PORT,
                                AgentSettings.INJECTOR_PORT,
                                AgentSettings.INJECTOR_TLS_DIR)
                        .collect(Collectors.toMap(AgentSetting::name, AgentSetting::standard));
        assertEquals(table, defaults);
    }
}
