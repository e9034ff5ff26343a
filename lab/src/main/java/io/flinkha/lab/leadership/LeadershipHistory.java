package io.flinkha.lab.leadership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that was seen of an application's leaderships: notes go in, breaches come out. */
public final class LeadershipHistory {
    private final Map<Long, String> holders = new HashMap<>();
    private final Set<String> breaches = new LinkedHashSet<>();
    private final List<GateSpan> gates = new ArrayList<>();
    private final Set<String> outOfMemory = new HashSet<>();
    private long epoch;
    private long sequence;
    private boolean ran;

    /** A state of the manifest; states come in the order in which they were written. */
    public void manifest(JsonNode manifest) {
        long nextEpoch = manifest.path("epoch").asLong();
        long nextSequence = manifest.path("sequence").asLong();
        if (nextEpoch < epoch) {
            breaches.add("the manifest's epoch fell from " + epoch + " to " + nextEpoch);
        }
        if (nextSequence < sequence) {
            breaches.add("the manifest's sequence fell from " + sequence + " to " + nextSequence);
        }
        epoch = nextEpoch;
        sequence = nextSequence;
        ran |= manifest.hasNonNull("run");
        long last = 0;
        for (JsonNode leadership : manifest.path("history")) {
            long next = leadership.path("epoch").asLong();
            if (next <= last) {
                breaches.add("epoch " + next + " follows " + last + " in the manifest's history");
            }
            last = next;
            holder(next, leadership.path("holder").asText());
        }
    }

    /** Somebody is about to put an older manifest back, which may fall behind what was seen. */
    public void expectSetBack() {
        epoch = 0;
        sequence = 0;
    }

    /** Lease or manifest name a holder, {@code <pod name>/<pod UID>}. */
    public void holder(long ofEpoch, String holder) {
        String known = holders.putIfAbsent(ofEpoch, holder);
        if (known != null && !known.equals(holder)) {
            breaches.add("epoch " + ofEpoch + " belongs to " + known + " and to " + holder);
        }
    }

    public void gate(GateSpan gate) {
        for (GateSpan other : gates) {
            if (gate.overlaps(other)) {
                breaches.add("two gates are open at once: " + other + ", " + gate);
            }
            if (gate.epoch() == other.epoch()) {
                breaches.add("two processes in one epoch: " + other + ", " + gate);
            }
        }
        gates.add(gate);
    }

    /** The kernel ended the agent, a container of this id, for its memory. */
    public void agentOutOfMemory(String container) {
        outOfMemory.add(container);
    }

    public int agentsOutOfMemory() {
        return outOfMemory.size();
    }

    public int gatesOpened() {
        return gates.size();
    }

    public long epoch() {
        return epoch;
    }

    /** What must never be, each in a sentence. */
    public List<String> breaches() {
        List<String> all = new ArrayList<>(breaches);
        for (GateSpan gate : gates) {
            if (!holders.getOrDefault(gate.epoch(), "").startsWith(gate.pod() + "/")) {
                all.add("nobody gave this pod its epoch: " + gate);
            }
        }
        if (ran && gates.isEmpty()) {
            all.add("a job ran, and no gate was seen to open");
        }
        return all;
    }
}
