package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The Lease as an object of {@code coordination.k8s.io/v1}. */
public final class KubernetesLeaseStore implements LeaseStore {
    static final String EPOCH = "flinkha.io/epoch";
    private static final String NONCE = "flinkha.io/nonce";
    private static final String CLAIMED = "flinkha.io/claimed";
    private static final String RELEASED = "flinkha.io/released";
    private static final String FAILSAFE = "flinkha.io/failsafe";
    private static final String STANDBY = "flinkha.io/standby";
    private static final String ENDED = "flinkha.io/jobmanager-ended";
    static final String PAUSED = "flinkha.io/paused";
    static final String STEP_DOWN = "flinkha.io/step-down";
    static final String RESTORE_FROM = "flinkha.io/restore-from";
    static final String RESTORE_AFTER = "flinkha.io/restore-after";

    private static final String SPEC = "spec";
    private static final String HOLDER = "holderIdentity";
    private static final String DURATION = "leaseDurationSeconds";
    private static final String RENEW_TIME = "renewTime";

    private final ApiServer.Resources leases;
    private final String name;

    /**
     * What was last read or written: labels and foreign annotations are written back as they were.
     */
    private volatile @Nullable ApiObject last;

    public KubernetesLeaseStore(ApiServer server, String namespace, String clusterId) {
        this.leases = server.resources(Kind.LEASE, namespace);
        this.name = ObjectNames.lease(clusterId);
    }

    @Override
    public Result<Optional<LeaseRecord>> read() {
        return ApiCall.of(() -> {
            Optional<ApiObject> found = leases.get(name);
            last = found.orElse(null);
            return found.map(KubernetesLeaseStore::record);
        });
    }

    /** When what was last read or written was renewed, as its holder says; empty if never. */
    public Optional<Instant> renewed() {
        return Optional.ofNullable(last)
                .map(lease -> lease.part(SPEC).getString(RENEW_TIME))
                .map(Instant::parse);
    }

    @Override
    public Result<LeaseRecord> createEmpty() {
        return ApiCall.of(() -> {
            ApiObject created = leases.create(ApiObject.named(name));
            last = created;
            return record(created);
        });
    }

    @Override
    public Result<LeaseRecord> write(LeaseRecord record) {
        return replace(record, known -> lease(known, record));
    }

    @Override
    public Result<LeaseRecord> nameStandby(LeaseRecord record, String name) {
        return replace(record, known -> known.copy().annotate(STANDBY, orNone(name)));
    }

    @Override
    public Result<Optional<LeaseRecord>> follow(Runnable changed) {
        AtomicReference<LeaseRecord> seen = new AtomicReference<>();
        return ApiCall.of(() -> {
            leases.watch(
                    name,
                    lease -> {
                        LeaseRecord now = record(lease);
                        LeaseRecord before = seen.getAndSet(now);
                        if (before == null || isNews(before, now)) {
                            changed.run();
                        }
                    });
            return Optional.ofNullable(seen.get());
        });
    }

    /** Each renewal is a change, too. */
    private static boolean isNews(LeaseRecord before, LeaseRecord now) {
        return !before.holder().equals(now.holder())
                || !before.standby().equals(now.standby())
                || !before.wishes().equals(now.wishes());
    }

    private Result<LeaseRecord> replace(LeaseRecord record, UnaryOperator<ApiObject> edit) {
        ApiObject known = last;
        if (known == null || !known.version().equals(record.version())) {
            // Written without them, it would lose what others put there: labels, and people's
            // wishes.
            return new Result.Failed<>(
                    Outcome.CONFLICT, "the Lease was read again since; it is read once more");
        }
        return ApiCall.of(() -> {
            ApiObject written = leases.replace(edit.apply(known));
            last = written;
            return record(written);
        });
    }

    private static @Nullable String orNone(String text) {
        return text.isEmpty() ? null : text;
    }

    private static ApiObject lease(ApiObject known, LeaseRecord record) {
        ApiObject lease =
                known.copy()
                        .annotate(EPOCH, Long.toString(record.epoch()))
                        .annotate(NONCE, record.nonce())
                        .annotate(CLAIMED, Long.toString(record.claimed()))
                        .annotate(
                                RELEASED,
                                record.released() > 0 ? Long.toString(record.released()) : null)
                        .annotate(
                                FAILSAFE,
                                record.holdSeconds() > 0
                                        ? Long.toString(record.holdSeconds())
                                        : null)
                        .annotate(STANDBY, orNone(record.standby()))
                        .annotate(ENDED, orNone(record.ended()));
        String now = ApiObject.microTime(Instant.now());
        JsonObject spec =
                lease.edit(SPEC)
                        .put(DURATION, record.durationSeconds())
                        .put("leaseTransitions", (int) Math.min(record.epoch(), Integer.MAX_VALUE))
                        .put(RENEW_TIME, now);
        if (record.held()) {
            spec.put(HOLDER, record.holder());
        } else {
            spec.remove(HOLDER);
        }
        if (record(known).epoch() != record.epoch()) {
            spec.put("acquireTime", now);
        }
        return lease;
    }

    private static LeaseRecord record(ApiObject lease) {
        JsonObject spec = lease.part(SPEC);
        return new LeaseRecord(
                spec.getString(HOLDER, ""),
                text(lease, NONCE),
                number(lease.annotation(EPOCH)),
                number(lease.annotation(CLAIMED)),
                number(lease.annotation(RELEASED)),
                spec.getInteger(DURATION, 0),
                // Anybody's number must not be waited for.
                Math.clamp(
                        number(lease.annotation(FAILSAFE)), 0, Settings.LONGEST_HOLD.toSeconds()),
                text(lease, STANDBY),
                text(lease, ENDED),
                wishes(lease),
                lease.version());
    }

    private static Wishes wishes(ApiObject lease) {
        return new Wishes(
                text(lease, PAUSED),
                number(lease.annotation(STEP_DOWN)),
                text(lease, RESTORE_FROM),
                number(lease.annotation(RESTORE_AFTER)));
    }

    private static String text(ApiObject lease, String annotation) {
        return Objects.requireNonNullElse(lease.annotation(annotation), "");
    }

    /** An annotation that a person broke counts as missing: the other witnesses decide then. */
    static long number(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
