package io.flinkha.agent.adapter.health;

import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.port.AgentView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** The three probes, from the state only. */
@ApplicationScoped
public class Probes {
    /** A loop that does not turn for so long hangs: it ticks five times a second. */
    private static final Duration HANGS = Duration.ofSeconds(10);

    /** Gates the first start of the JobManager's container; later starts are gated by the jar. */
    @Produces
    @Startup
    HealthCheck started(AgentView agent) {
        return () -> {
            State state = agent.state();
            boolean mayStart =
                    switch (state.phase()) {
                        case OPENING, LEADING, REATTACHING -> true;
                        case CONTENDING -> agent.warmStandby() || state.refusal() != null;
                        case CLAIMING -> state.manifest().claimed() > 0;
                        case STEPPING_DOWN, TERMINATED -> false;
                    };
            return answer("JobManager may start", mayStart, state);
        };
    }

    /**
     * One that was asked to stop is not hung: kubelets up to 1.37 go on asking a sidecar that
     * terminates, and would end it before its Lease is released.
     */
    @Produces
    @Liveness
    HealthCheck live(AgentView agent) {
        return () -> {
            State state = agent.state();
            boolean turns = agent.idle().compareTo(HANGS) < 0;
            return answer("event loop turns", turns || state.stopBy() > 0, state);
        };
    }

    /** A gate stays open only while the JobManager asks for it. */
    @Produces
    @Readiness
    HealthCheck ready(AgentView agent) {
        return () -> {
            State state = agent.state();
            boolean leads =
                    state.phase() == Phase.LEADING
                            && agent.gateRemaining().isPositive()
                            && state.leaderAddresses().isCurrent();
            boolean standsBy = agent.warmStandby() && state.standsBy();
            return answer("leads, or stands by", leads || standsBy, state);
        };
    }

    private static HealthCheckResponse answer(String name, boolean up, State state) {
        return HealthCheckResponse.named(name)
                .status(up)
                .withData("phase", state.phase().name())
                .withData("epoch", state.lease().epoch())
                .build();
    }
}
