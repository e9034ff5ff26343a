package io.flinkha.flink.agent;

import io.flinkha.flink.config.EffectiveSetting;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the agent which process this is. Sent before anything else, and again when it forgot. */
public final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Agent agent;
    private final String flink;
    private final String userCode;
    private final List<EffectiveSetting> effective;

    public Registration(
            Agent agent, String flink, String userCode, List<EffectiveSetting> effective) {
        this.agent = agent;
        this.flink = flink;
        this.userCode = userCode;
        this.effective = effective;
    }

    /** Returns once the agent answered; it may start later than the JobManager. */
    public void untilAnswered() throws AgentRefusal {
        long complaint = System.nanoTime();
        while (true) {
            try {
                once();
                LOG.info("Registered with the agent.");
                return;
            } catch (IOException e) {
                long now = System.nanoTime();
                if (now - complaint >= COMPLAINT_NANOS) {
                    complaint = now;
                    LOG.warn(
                            "Still waiting for the agent of this pod to answer ({})", e.toString());
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** One try; what fails is tried again by the gate's next poll. */
    public void again() {
        try {
            once();
        } catch (IOException | AgentRefusal e) {
            LOG.warn("Could not register again: {}", e.toString());
        }
    }

    private void once() throws IOException, AgentRefusal {
        agent.register(flink, userCode, effective);
    }
}
