package io.flinkha.flink.leader;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.GateClosedException;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this JVM is reached as leader: served in process at once, told to the agent in bursts.
 *
 * <p>Who watches in process is told, until the grant, of the leader in another pod instead, so that
 * the REST endpoint of a JobManager that waits answers for it. Nobody else gets to know that one.
 *
 * <p>Two views. In process a component is gone when Flink takes it back. On the wire only a job
 * that is over is taken back: TaskManagers fail their tasks as soon as an entry vanishes, and a
 * JobManager that goes down must leave them running for the next one.
 */
public final class LeaderAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderAddresses.class);
    private static final String JOB_PREFIX = "job-";

    /** Flink publishes its components one after another; this catches the burst in one write. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A JobManager that is started again in place is granted sooner, and needs its processors. */
    private static final long WAITS_SECONDS = 2;

    private final Agent agent;
    private final GrantedRun granted;
    private final Map<String, LeaderInformation> local = new ConcurrentHashMap<>();
    private final Map<String, String> wire = new TreeMap<>();
    private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final ExecutorService notifier =
            Executors.newSingleThreadExecutor(new DaemonThreads("flink-ha-leader-addresses"));

    /** Where another pod's leader is reached; known to the notifier's thread alone. */
    private final Map<String, LeaderInformation> elsewhere = new HashMap<>();

    /** While it is needed; known to the notifier's thread alone. */
    private @Nullable LeaderPoll poll;

    private boolean sending;
    private boolean dirty;

    public LeaderAddresses(Agent agent, GrantedRun granted) {
        this.agent = agent;
        this.granted = granted;
        var unused =
                granted.whenPrepared()
                        .whenComplete((run, failure) -> notifier.execute(this::forgetOtherLeader));
    }

    /** Called under Flink's election lock: it only notes the change. */
    public void publish(String component, LeaderInformation leader) {
        if (leader.isEmpty()) {
            delete(component);
            return;
        }
        local.put(component, leader);
        tell(component, leader);
        synchronized (wire) {
            wire.put(component, String.valueOf(leader.getLeaderAddress()));
        }
        send();
    }

    /** Called under Flink's election lock: it only notes the change. */
    void delete(String component) {
        local.remove(component);
        tell(component, LeaderInformation.empty());
        if (component.startsWith(JOB_PREFIX) && granted.get().isResultAcknowledged()) {
            synchronized (wire) {
                wire.remove(component);
            }
            send();
        }
    }

    /** Where a component of this JVM can be reached, while it can. */
    public Optional<String> address(String component) {
        return Optional.ofNullable(local.get(component)).map(LeaderInformation::getLeaderAddress);
    }

    /** Whether Flink has a JobMaster of that job, as it has from its submission to its end. */
    public boolean hasJobMaster(JobID job) {
        return local.containsKey(JOB_PREFIX + job.toHexString());
    }

    /** Tells the watcher what is known now, and every change until it is closed. */
    void watch(Watcher watcher) {
        watchers.add(watcher);
        notifier.execute(() -> {
            String component = watcher.component();
            LeaderInformation other = isGranted() ? null : elsewhere.get(component);
            watcher.leaderIs(
                    local.getOrDefault(
                            component, other == null ? LeaderInformation.empty() : other));
            pollWhileNeeded();
        });
    }

    void unwatch(Watcher watcher) {
        watchers.remove(watcher);
        notifier.execute(this::pollWhileNeeded);
    }

    /** On a thread of its own: the retrieval services call listeners under their own locks. */
    private void tell(String component, LeaderInformation leader) {
        notifier.execute(() -> tellNow(component, leader));
    }

    private void tellNow(String component, LeaderInformation leader) {
        for (Watcher watcher : watchers) {
            if (watcher.component().equals(component)) {
                watcher.leaderIs(leader);
            }
        }
    }

    private void pollWhileNeeded() {
        boolean needed = !isGranted() && !watchers.isEmpty();
        if (needed && poll == null) {
            poll =
                    new LeaderPoll(
                            agent, WAITS_SECONDS, answer -> notifier.execute(() -> follow(answer)));
        } else if (!needed && poll != null) {
            poll.close();
            poll = null;
        }
    }

    /**
     * What is not in the answer is kept: an agent that was restarted has not read who leads, and
     * without an address Flink's REST endpoint has but one answer, 503, to whatever it is asked. A
     * call to a leader that is gone fails just as well.
     */
    private void follow(Map<String, LeaderInformation> leaders) {
        // An answer may come late. Flink publishes its own addresses after the grant, so what this
        // thread tells of them comes after all that it lets through here.
        if (isGranted()) {
            return;
        }
        leaders.forEach((component, leader) -> {
            if (!leader.equals(elsewhere.put(component, leader))) {
                tellNow(component, leader);
            }
        });
    }

    /** Also those that Flink has published by now: who watches shall end with what is true. */
    private void forgetOtherLeader() {
        pollWhileNeeded();
        elsewhere
                .keySet()
                .forEach(component ->
                        tellNow(
                                component,
                                local.getOrDefault(component, LeaderInformation.empty())));
        elsewhere.clear();
    }

    private boolean isGranted() {
        return granted.whenPrepared().isDone();
    }

    /** Tells it all again, to an agent that was restarted. */
    public void sendAgain() {
        synchronized (wire) {
            if (wire.isEmpty()) {
                return;
            }
        }
        send();
    }

    private void send() {
        synchronized (wire) {
            dirty = true;
            if (sending) {
                return;
            }
            sending = true;
        }
        DaemonThreads.start("flink-ha-publish", this::sendWhileDirty);
    }

    private void sendWhileDirty() {
        while (true) {
            LockSupport.parkNanos(BURST_NANOS);
            Map<String, String> addresses;
            synchronized (wire) {
                if (!dirty) {
                    sending = false;
                    return;
                }
                dirty = false;
                addresses = new TreeMap<>(wire);
            }
            Run run = granted.get();
            try {
                agent.publish(run.grant(), addresses);
                LOG.info("Published as leader of epoch {}: {}", run.epoch(), addresses);
            } catch (AgentRefusal e) {
                LOG.error("The leader addresses {} could not be published.", addresses, e);
            } catch (GateClosedException e) {
                LOG.warn(
                        "The leader addresses {} were not published: {}",
                        addresses,
                        e.getMessage());
            }
        }
    }

    /** One who wants to know the leader of one component. */
    interface Watcher {
        String component();

        void leaderIs(LeaderInformation leader);
    }
}
