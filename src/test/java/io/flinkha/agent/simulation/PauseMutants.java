package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.restart.RestartPolicy;
import java.util.ArrayList;
import java.util.List;

/** Rules of pause and budget, each switched off around the decision core. */
final class PauseMutants {
    private PauseMutants() {}

    /** What a pause keeps from being killed is killed all the same. */
    static Mutation killsWhilePaused() {
        return new Mutation() {
            @Override
            public Machine wrap(Machine real, Settings settings, Incarnation me) {
                return (state, moment, event) -> {
                    Transition paused = real.step(state, moment, event);
                    LeaseRecord seen = state.lease().record();
                    if (seen == null || !state.wishes().isPaused()) {
                        return paused;
                    }
                    State unaware = States.withLease(state, seen.withWishes(Wishes.NONE));
                    List<Action> actions = new ArrayList<>(paused.actions());
                    real.step(unaware, moment, event).actions().stream()
                            .filter(action -> action instanceof Action.KillJobManager)
                            .forEach(actions::add);
                    return new Transition(paused.state(), actions, paused.facts());
                };
            }
        };
    }

    /** Nobody gives up, however often the process ends. */
    static Mutation endlessBudget() {
        return new Mutation() {
            @Override
            public Machine wrap(Machine real, Settings settings, Incarnation me) {
                RestartPolicy own = settings.restart();
                Settings endless =
                        new Settings(
                                settings.leaseDuration(),
                                settings.renewDeadline(),
                                settings.retryPeriod(),
                                settings.controllerUid(),
                                new RestartPolicy(
                                        own.hasJob(), own.onFailed(), 1_000, own.window()),
                                settings.restore(),
                                settings.watchdog());
                return new AgentMachine(endless, me)::step;
            }
        };
    }
}
