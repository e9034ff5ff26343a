package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.OnNoProgress;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kind of world.
 *
 * @param pods at the start
 * @param minRate of a clock
 * @param maxRate of a clock
 * @param extremeRates clocks run at either limit, by turns
 * @param fastMillis one way to the API server, most of the time
 * @param slowShare of the messages that take up to {@code slowMillis}
 */
record Profile(
        String name,
        Settings settings,
        int pods,
        double minRate,
        double maxRate,
        boolean extremeRates,
        long fastMillis,
        double slowShare,
        long slowMillis,
        Set<Fault> strikes) {

    private static final Settings FAST = settings(15_000, 10_000, 2_000);

    /** A gate that stays open for long after its agent's last word. */
    private static final Settings LONG = settings(30_000, 25_000, 2_000);

    /** Lease duration over renew deadline is 1.17, and so is the fastest clock over the slowest. */
    private static final Settings LIMIT = settings(15_000, 12_820, 500);

    /** Everything, at numbers with room to spare. */
    static final Profile ORDINARY =
            new Profile(
                    "ORDINARY",
                    FAST,
                    3,
                    0.92,
                    1.08,
                    false,
                    500,
                    0.15,
                    9_000,
                    Stream.of(Fault.values())
                            .filter(fault -> fault.sort != Fault.Sort.TARGETED)
                            .collect(Collectors.toSet()));

    /** Numbers and clocks at their limits, a fast network, and replies that are slow at times. */
    static final Profile TIGHT =
            new Profile(
                    "TIGHT",
                    LIMIT,
                    2,
                    0.9235,
                    1.08,
                    true,
                    4,
                    0.15,
                    3_000,
                    Set.of(Fault.AGENT_KILLED, Fault.AGENT_FROZEN));

    /**
     * The first start of a cluster-id, with the Lease taken away under the one who takes it, and an
     * agent that stands still before it can see that.
     */
    static final Profile FIRST_START =
            new Profile(
                    "FIRST_START",
                    LONG,
                    3,
                    0.92,
                    1.08,
                    false,
                    200,
                    0.3,
                    3_000,
                    Set.of(
                            Fault.LEASE_DELETED,
                            Fault.LEASE_REPLACED,
                            Fault.AGENT_FROZEN,
                            Fault.AGENT_KILLED));

    /** JobManagers that stand still beside agents that are asked to stop. */
    static final Profile FROZEN =
            new Profile(
                    "FROZEN",
                    FAST,
                    2,
                    0.92,
                    1.08,
                    false,
                    200,
                    0,
                    0,
                    Set.of(Fault.JOB_MANAGER_FROZEN, Fault.AGENT_STOPPED));

    /** Nothing happens but that agents end and come back. */
    static final Profile RESTARTS =
            new Profile(
                    "RESTARTS",
                    FAST,
                    2,
                    0.92,
                    1.08,
                    false,
                    200,
                    0,
                    0,
                    Set.of(Fault.AGENT_KILLED, Fault.AGENT_STOPPED));

    /** Jobs that fail, Jobs that are parked, and people who resume them. */
    static final Profile PARKED =
            new Profile(
                    "PARKED",
                    settings(15_000, 10_000, 2_000, OnFailed.PARK),
                    1,
                    0.92,
                    1.08,
                    false,
                    500,
                    0.15,
                    9_000,
                    Set.of(
                            Fault.JOB_FAILED,
                            Fault.AGENT_KILLED,
                            Fault.JOB_MANAGER_KILLED,
                            Fault.BOTH_KILLED,
                            Fault.POD_FAILED,
                            Fault.API_OUTAGE));

    /** The manifest is taken away, made anew late, and taken away again from who then dies. */
    static final Profile LOST_MANIFEST =
            new Profile(
                    "LOST_MANIFEST",
                    FAST,
                    2,
                    0.92,
                    1.08,
                    false,
                    200,
                    0,
                    0,
                    Set.of(Fault.MANIFEST_DELETED, Fault.BOTH_KILLED));

    /** A small budget of ends, most of which the watchdog makes, and people who pause. */
    static final Profile BUDGET =
            new Profile(
                    "BUDGET",
                    new Settings(
                            FAST.leaseDuration(),
                            FAST.renewDeadline(),
                            FAST.retryPeriod(),
                            FAST.controllerUid(),
                            new RestartPolicy(true, OnFailed.FAIL, 3, Duration.ofHours(1)),
                            FAST.restore(),
                            new Watchdog(Duration.ofSeconds(30), OnNoProgress.RESTART)),
                    1,
                    0.92,
                    1.08,
                    false,
                    200,
                    0,
                    0,
                    Set.of(
                            Fault.MAIN_THREADS_HANG,
                            Fault.NO_PROGRESS,
                            Fault.JOB_MANAGER_HANGS,
                            Fault.JOB_MANAGER_KILLED,
                            Fault.AGENT_KILLED,
                            Fault.PAUSED));

    private static final Duration HOLD = Duration.ofSeconds(6);

    /** The storage as second witness, and all that may happen to who relies on it. */
    static final Profile FAILSAFE =
            new Profile(
                    "FAILSAFE",
                    FAST.withHold(HOLD),
                    3,
                    0.92,
                    1.08,
                    false,
                    500,
                    0.1,
                    9_000,
                    Set.of(
                            Fault.API_AWAY,
                            Fault.API_READ_ONLY,
                            Fault.API_OUTAGE,
                            Fault.API_CUT,
                            Fault.STORE_CUT,
                            Fault.STORAGE_OUTAGE,
                            Fault.MARKS_DELETED,
                            Fault.FAILSAFE_SWITCHED,
                            Fault.MANIFEST_SET_BACK,
                            Fault.MANIFEST_DELETED,
                            Fault.MANIFEST_ROLLED_BACK,
                            Fault.LEASE_DELETED,
                            Fault.LEASE_CLEARED,
                            Fault.LEASE_REPLACED,
                            Fault.LEADER_CONFIGMAP_DELETED,
                            Fault.NEW_REVISION,
                            Fault.AGENT_KILLED,
                            Fault.AGENT_STOPPED,
                            Fault.AGENT_FROZEN,
                            Fault.JOB_MANAGER_KILLED,
                            Fault.JOB_MANAGER_FROZEN,
                            Fault.BOTH_KILLED,
                            Fault.VM_PAUSED,
                            Fault.POD_REPLACED,
                            Fault.POD_FAILED,
                            Fault.POD_DELETED,
                            Fault.JOB_FINISHED));

    /** Two pods of one Job, of which one waits, and all that may end one of them, or both. */
    static final Profile STANDBY =
            new Profile(
                    "STANDBY",
                    FAST.withStandby(),
                    2,
                    0.92,
                    1.08,
                    false,
                    300,
                    0.1,
                    9_000,
                    ORDINARY.strikes());

    /** The same beside the storage as second witness. */
    static final Profile STANDBY_FAILSAFE =
            new Profile(
                    "STANDBY_FAILSAFE",
                    FAST.withHold(HOLD).withStandby(),
                    2,
                    0.92,
                    1.08,
                    false,
                    300,
                    0.1,
                    9_000,
                    FAILSAFE.strikes());

    /** Nothing happens but that the API server is away. */
    static final Profile API_AWAY =
            new Profile(
                    "API_AWAY",
                    FAST.withHold(HOLD),
                    2,
                    0.92,
                    1.08,
                    false,
                    200,
                    0,
                    0,
                    Set.of(Fault.API_AWAY));

    /** Numbers and clocks at their limits, answers that take nearly as long as a look holds. */
    static final Profile TIGHT_STORE =
            new Profile(
                    "TIGHT_STORE",
                    settings(15_000, 12_820, 500).withHold(Duration.ofSeconds(8)),
                    2,
                    0.9235,
                    1.08,
                    true,
                    4,
                    0,
                    0,
                    Set.of(Fault.API_CUT, Fault.VM_PAUSED));

    /**
     * The same, with a hold that is waited for longer than the Lease: nodes are lost, and with them
     * pods that live on, cut off, while they are deleted; others are only cut off.
     */
    static final Profile LOST_NODE =
            new Profile(
                    "LOST_NODE",
                    settings(15_000, 12_820, 500).withHold(Duration.ofSeconds(14)),
                    2,
                    0.9235,
                    1.08,
                    true,
                    4,
                    0,
                    0,
                    Set.of(Fault.POD_DELETED, Fault.API_CUT, Fault.STORE_CUT));

    /** A leader does not reach the API server for nearly as long as its Lease lasts. */
    static final Profile API_BLINKS =
            new Profile(
                    "API_BLINKS",
                    FAST.withHold(HOLD),
                    2,
                    0.92,
                    1.08,
                    false,
                    200,
                    0,
                    0,
                    Set.of(Fault.API_CUT));

    static final List<Profile> ALL =
            List.of(
                    ORDINARY,
                    TIGHT,
                    FIRST_START,
                    FROZEN,
                    RESTARTS,
                    PARKED,
                    LOST_MANIFEST,
                    BUDGET,
                    FAILSAFE,
                    STANDBY,
                    STANDBY_FAILSAFE,
                    API_AWAY,
                    TIGHT_STORE,
                    LOST_NODE,
                    API_BLINKS);

    static Profile named(String name) {
        for (Profile profile : ALL) {
            if (profile.name.equals(name)) {
                return profile;
            }
        }
        throw new IllegalArgumentException("there is no profile " + name);
    }

    private static Settings settings(long lease, long renew, long retry) {
        return settings(lease, renew, retry, OnFailed.FAIL);
    }

    private static Settings settings(long lease, long renew, long retry, OnFailed onFailed) {
        return new Settings(
                Duration.ofMillis(lease),
                Duration.ofMillis(renew),
                Duration.ofMillis(retry),
                "job-uid-1",
                new RestartPolicy(true, onFailed, 1_000, Duration.ofHours(1)),
                RestorePolicy.LATEST_STATE,
                Watchdog.STANDARD);
    }
}
