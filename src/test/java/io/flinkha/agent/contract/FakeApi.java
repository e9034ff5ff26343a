package io.flinkha.agent.contract;

import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.ManifestStore;
import io.flinkha.agent.port.Result;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The three objects of the Kubernetes API in memory, with compare-and-swap on a version that only
 * rises.
 */
public final class FakeApi {
    private long version;
    private @Nullable LeaseRecord lease;
    private ManifestView manifest = new ManifestView.Absent();
    private long publishedEpoch;
    private StockHa stock = StockHa.NONE;
    private Map<String, String> entries = Map.of();
    private @Nullable Outcome failure;

    /** From now on every call fails so; null heals it. */
    public synchronized void fail(@Nullable Outcome outcome) {
        failure = outcome;
    }

    public synchronized Map<String, String> entries() {
        return entries;
    }

    public synchronized @Nullable LeaseRecord lease() {
        return lease;
    }

    /** What a person does with kubectl. */
    synchronized void wish(Wishes wishes) {
        LeaseRecord known = lease;
        if (known != null) {
            lease = known.withWishes(wishes).withVersion(nextVersion());
            notifyAll();
        }
    }

    public synchronized ManifestView manifest() {
        return manifest;
    }

    private String nextVersion() {
        return Long.toString(++version);
    }

    private <T> Result<T> failed(Outcome outcome) {
        return new Result.Failed<>(outcome, "the fake was told so");
    }

    public LeaseStore leases() {
        return new Leases();
    }

    private final class Leases implements LeaseStore {
        @Override
        public Result<Optional<LeaseRecord>> read() {
            synchronized (FakeApi.this) {
                return failure != null
                        ? failed(failure)
                        : new Result.Ok<>(Optional.ofNullable(lease));
            }
        }

        @Override
        public Result<LeaseRecord> createEmpty() {
            synchronized (FakeApi.this) {
                if (failure != null || lease != null) {
                    return failed(failure != null ? failure : Outcome.CONFLICT);
                }
                lease = new LeaseRecord("", "", 0, 0, 0, 0, nextVersion());
                return new Result.Ok<>(lease);
            }
        }

        @Override
        public Result<LeaseRecord> write(LeaseRecord next) {
            synchronized (FakeApi.this) {
                LeaseRecord known = lease;
                if (failure != null || known == null) {
                    return failed(failure != null ? failure : Outcome.NOT_FOUND);
                }
                if (!known.version().equals(next.version())) {
                    return failed(Outcome.CONFLICT);
                }
                lease = next.withWishes(known.wishes()).withVersion(nextVersion());
                FakeApi.this.notifyAll();
                return new Result.Ok<>(lease);
            }
        }

        // Ends with the first change after what is there at first.
        @Override
        public Result<Optional<LeaseRecord>> follow(Runnable changed) {
            String first = news();
            changed.run();
            synchronized (FakeApi.this) {
                while (news().equals(first)) {
                    try {
                        FakeApi.this.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return failed(Outcome.UNKNOWN);
                    }
                }
            }
            changed.run();
            return read();
        }

        private String news() {
            synchronized (FakeApi.this) {
                return lease == null ? "" : lease.holder() + lease.standby() + lease.wishes();
            }
        }

        @Override
        public Result<LeaseRecord> nameStandby(LeaseRecord given, String name) {
            synchronized (FakeApi.this) {
                LeaseRecord known = lease;
                return known == null || !known.version().equals(given.version())
                        ? failed(Outcome.CONFLICT)
                        : write(known.withStandby(name));
            }
        }
    }

    public ManifestStore manifests() {
        return new ManifestStore() {
            @Override
            public Result<ManifestView> read() {
                synchronized (FakeApi.this) {
                    return failure != null ? failed(failure) : new Result.Ok<>(manifest);
                }
            }

            @Override
            public Result<String> createEmpty() {
                synchronized (FakeApi.this) {
                    if (failure != null || manifest instanceof ManifestView.Present) {
                        return failed(failure != null ? failure : Outcome.CONFLICT);
                    }
                    return put(Manifest.EMPTY);
                }
            }

            @Override
            public Result<String> write(Manifest next, String expected) {
                synchronized (FakeApi.this) {
                    if (failure != null) {
                        return failed(failure);
                    }
                    if (!(manifest instanceof ManifestView.Present present)) {
                        return failed(Outcome.NOT_FOUND);
                    }
                    return expected.equals(present.version())
                            ? put(next)
                            : failed(Outcome.CONFLICT);
                }
            }

            private Result<String> put(Manifest next) {
                String written = nextVersion();
                manifest = new ManifestView.Present(next, written);
                return new Result.Ok<>(written);
            }
        };
    }

    public LeaderAddressStore leaderAddresses() {
        return new LeaderAddressStore() {
            @Override
            public Result<Witness> witness() {
                synchronized (FakeApi.this) {
                    return failure != null
                            ? failed(failure)
                            : new Result.Ok<>(new Witness(publishedEpoch, stock));
                }
            }

            @Override
            public Result<Leader> leader() {
                synchronized (FakeApi.this) {
                    if (failure != null) {
                        return failed(failure);
                    }
                    Map<String, String> addresses = new HashMap<>();
                    UUID session = null;
                    for (Map.Entry<String, String> entry : entries.entrySet()) {
                        int comma = entry.getValue().indexOf(',');
                        session = UUID.fromString(entry.getValue().substring(0, comma));
                        addresses.put(entry.getKey(), entry.getValue().substring(comma + 1));
                    }
                    return new Result.Ok<>(new Leader(addresses, session));
                }
            }

            @Override
            public Result<Long> publish(
                    long epoch,
                    UUID session,
                    Map<String, String> addresses,
                    @Nullable String keep) {
                synchronized (FakeApi.this) {
                    if (failure != null) {
                        return failed(failure);
                    }
                    if (publishedEpoch > epoch) {
                        return new Result.Ok<>(publishedEpoch);
                    }
                    Map<String, String> next = new HashMap<>();
                    if (keep != null && entries.containsKey(keep)) {
                        next.put(keep, String.valueOf(entries.get(keep)));
                    }
                    addresses.forEach((component, at) -> next.put(component, session + "," + at));
                    publishedEpoch = epoch;
                    stock = StockHa.NONE;
                    entries = next;
                    return new Result.Ok<>(epoch);
                }
            }
        };
    }

    synchronized void leadByStock(String lock) {
        stock = new StockHa(lock, true);
    }
}
