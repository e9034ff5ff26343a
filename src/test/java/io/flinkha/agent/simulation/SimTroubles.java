package io.flinkha.agent.simulation;

import io.flinkha.agent.core.restart.OnNoProgress;
import io.flinkha.agent.core.restart.Watchdog;

/** What keeps a JobManager that polls from doing its work, and what it says of that. */
final class SimTroubles {
    /** Far above what lies between two checkpoints here. */
    static final long PROGRESS_BOUND = 20 * SimWorld.SECOND;

    private final SimPod pod;
    private long hungUntil;
    private boolean saidToHang;
    private long stalledUntil;
    private long progressAt;

    SimTroubles(SimPod pod) {
        this.pod = pod;
    }

    /** Its gate goes on, what runs the job does not. */
    void hangMainThreads(long duration) {
        hungUntil = pod.here() + duration;
    }

    void stall(long duration) {
        stalledUntil = pod.here() + duration;
    }

    void progress() {
        progressAt = pod.here();
    }

    boolean stuck() {
        return pod.here() < Math.max(hungUntil, stalledUntil);
    }

    /** What a poll says of its main threads. */
    String hung() {
        boolean hangs = pod.here() < hungUntil;
        saidToHang |= hangs;
        return hangs ? "the dispatcher, for 40 s" : "";
    }

    boolean deserveDeath() {
        Watchdog watchdog = pod.settings.watchdog();
        boolean stalls =
                watchdog.onNoProgress() == OnNoProgress.RESTART
                        && progressAt > 0
                        && pod.here() - progressAt > PROGRESS_BOUND * 0.6;
        return saidToHang || stalls;
    }
}
