package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.Result;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Lease as an object of {@code coordination.k8s.io/v1}. */
public final class KubernetesLeaseStore implements LeaseStore {
    static final String EPOCH = "flinkha.io/epoch";
    private static final String NONCE = "flinkha.io/nonce";
    private static final String CLAIMED = "flinkha.io/claimed";
    private static final String RELEASED = "flinkha.io/released";
    static final String PAUSED = "flinkha.io/paused";
    static final String STEP_DOWN = "flinkha.io/step-down";
    static final String RESTORE_FROM = "flinkha.io/restore-from";
    static final String RESTORE_AFTER = "flinkha.io/restore-after";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    /**
     * What was last read or written: labels and foreign annotations are written back as they were.
     */
    private volatile @Nullable Lease last;

    public KubernetesLeaseStore(KubernetesClient client, String namespace, String clusterId) {
        this.client = client;
        this.namespace = namespace;
        this.name = ObjectNames.lease(clusterId);
    }

    @Override
    public Result<Optional<LeaseRecord>> read() {
        return ApiCall.of(() -> {
            Lease found = client.leases().inNamespace(namespace).withName(name).get();
            last = found;
            return Optional.ofNullable(found).map(KubernetesLeaseStore::record);
        });
    }

    /** When what was last read or written was renewed, as its holder says; empty if never. */
    public Optional<Instant> renewed() {
        return Optional.ofNullable(last)
                .map(Lease::getSpec)
                .map(LeaseSpec::getRenewTime)
                .map(ZonedDateTime::toInstant);
    }

    @Override
    public Result<LeaseRecord> createEmpty() {
        return ApiCall.of(() -> {
            Lease empty =
                    new LeaseBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(name)
                            .endMetadata()
                            .build();
            Lease created = resource(empty).create();
            last = created;
            return record(created);
        });
    }

    @Override
    public Result<LeaseRecord> write(LeaseRecord record) {
        Lease known = last;
        if (known == null || !known.getMetadata().getResourceVersion().equals(record.version())) {
            // Written without them, it would lose what others put there: labels, and people's
            // wishes.
            return new Result.Failed<>(
                    Outcome.CONFLICT, "the Lease was read again since; it is read once more");
        }
        return ApiCall.of(() -> {
            Lease written = resource(lease(known, record)).update();
            last = written;
            return record(written);
        });
    }

    private Resource<Lease> resource(Lease lease) {
        return client.leases().inNamespace(namespace).resource(lease);
    }

    private static Lease lease(Lease known, LeaseRecord record) {
        LeaseBuilder builder = new LeaseBuilder(known);
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        builder.editMetadata()
                .addToAnnotations(EPOCH, Long.toString(record.epoch()))
                .addToAnnotations(NONCE, record.nonce())
                .addToAnnotations(CLAIMED, Long.toString(record.claimed()))
                .removeFromAnnotations(RELEASED)
                .endMetadata()
                .editOrNewSpec()
                .withHolderIdentity(record.held() ? record.holder() : null)
                .withLeaseDurationSeconds((int) record.durationSeconds())
                .withLeaseTransitions((int) Math.min(record.epoch(), Integer.MAX_VALUE))
                .withRenewTime(now)
                .endSpec();
        if (record.released() > 0) {
            builder.editMetadata()
                    .addToAnnotations(RELEASED, Long.toString(record.released()))
                    .endMetadata();
        }
        if (record(known).epoch() != record.epoch()) {
            builder.editSpec().withAcquireTime(now).endSpec();
        }
        return builder.build();
    }

    private static LeaseRecord record(Lease lease) {
        Map<String, String> annotations =
                Optional.ofNullable(lease.getMetadata().getAnnotations()).orElse(Map.of());
        var spec = Optional.ofNullable(lease.getSpec());
        return new LeaseRecord(
                spec.map(s -> s.getHolderIdentity()).orElse(""),
                annotations.getOrDefault(NONCE, ""),
                number(annotations.get(EPOCH)),
                number(annotations.get(CLAIMED)),
                number(annotations.get(RELEASED)),
                spec.map(s -> s.getLeaseDurationSeconds()).orElse(0),
                wishes(annotations),
                lease.getMetadata().getResourceVersion());
    }

    private static Wishes wishes(Map<String, String> annotations) {
        return new Wishes(
                Objects.requireNonNullElse(annotations.get(PAUSED), ""),
                number(annotations.get(STEP_DOWN)),
                Objects.requireNonNullElse(annotations.get(RESTORE_FROM), ""),
                number(annotations.get(RESTORE_AFTER)));
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
