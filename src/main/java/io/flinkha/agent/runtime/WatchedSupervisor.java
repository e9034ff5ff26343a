package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.port.Supervisor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Tells people of an order that cannot be given. It is repeated every other second, so they hear of
 * it once, until one succeeds or another reason comes.
 */
public final class WatchedSupervisor implements Supervisor {
    private static final Logger LOG = Logger.getLogger(WatchedSupervisor.class);

    private final Supervisor supervisor;
    private final Consumer<Notice> notices;
    private final AtomicReference<String> told = new AtomicReference<>("");

    public WatchedSupervisor(Supervisor supervisor, Consumer<Notice> notices) {
        this.supervisor = supervisor;
        this.notices = notices;
    }

    @Override
    public Optional<String> kill(long start) {
        Optional<String> wrong = supervisor.kill(start);
        String sentence = wrong.orElse("");
        if (!sentence.equals(told.getAndSet(sentence)) && !sentence.isEmpty()) {
            String message =
                    "the JobManager cannot be killed by its supervisor: %s".formatted(sentence);
            LOG.error(message);
            notices.accept(new Notice(Notice.Kind.WARNING, "KillNotOrdered", message));
        }
        return wrong;
    }

    @Override
    public List<ProcessEnd> ends() throws IOException {
        return supervisor.ends();
    }

    @Override
    public void tell(Standing standing) throws IOException {
        supervisor.tell(standing);
    }
}
