package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.simulation.Mutants.Mutant;
import java.util.List;

/** Rules of two pods of one Job (R22), each switched off alone. */
final class StandbyMutants {
    private StandbyMutants() {}

    static List<Mutant> all() {
        return List.of(
                new Mutant(
                        "whoever handed over goes on itself (R22)",
                        Profile.STANDBY,
                        2_000,
                        Rewrite.mutation(BelievesTheName::new)));
    }

    /** Whoever handed over takes the one that is named for the holder. */
    private static final class BelievesTheName implements Rewrite {
        private String own = "";
        private long looks;

        @Override
        public Event event(State state, Moment moment, Event event) {
            return event instanceof Event.LeaseRead read
                            && read.lease() != null
                            && isHandedOver(read.lease())
                    ? new Event.LeaseRead(read.call(), held(read.lease()))
                    : event;
        }

        private boolean isHandedOver(LeaseRecord lease) {
            return lease.releasedInOrder()
                    && lease.nonce().equals(own)
                    && !lease.standby().isEmpty();
        }

        /** Renewed each time, as it were. */
        private LeaseRecord held(LeaseRecord lease) {
            return new LeaseRecord(
                    lease.standby(),
                    lease.nonce(),
                    lease.epoch(),
                    lease.claimed(),
                    0,
                    lease.durationSeconds(),
                    lease.version() + "-" + ++looks);
        }

        @Override
        public Transition after(State before, Transition transition, Settings settings) {
            for (Action action : transition.actions()) {
                if (action instanceof Action.WriteLease write) {
                    own = write.lease().nonce();
                }
            }
            return transition;
        }
    }
}
