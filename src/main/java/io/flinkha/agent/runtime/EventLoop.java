package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Invariants;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.port.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jboss.logging.Logger;

/**
 * The one thread that decides.
 *
 * <p>The mailbox is bounded, and an agent that cannot keep up with it ends rather than decide on
 * old news. The moment of an event is the moment at which it is taken: after a process was stopped
 * for a while, what was queued meanwhile is judged by the time it is now (R9).
 */
public final class EventLoop implements Requests {
    private static final Logger LOG = Logger.getLogger(EventLoop.class);
    private static final int MAILBOX = 1_024;
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration GAP = Duration.ofSeconds(1);

    private final AgentMachine machine;
    private final ActionDispatcher dispatcher;
    private final List<LoopListener> listeners;
    private final BiConsumer<Integer, String> exit;
    private final BlockingQueue<Event> mailbox = new ArrayBlockingQueue<>(MAILBOX);
    private final Map<Long, Consumer<Reply>> callers = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final MonotonicClock clock;
    private final Thread thread;

    private volatile State state = State.initial();
    private volatile boolean broken;
    private long lastTick;

    /**
     * A loop that is not started yet.
     *
     * @param exit ends the process with a code and a reason; called once
     */
    public EventLoop(
            AgentMachine machine,
            Ports ports,
            MonotonicClock clock,
            List<LoopListener> listeners,
            BiConsumer<Integer, String> exit) {
        this.machine = machine;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
        this.exit = exit;
        this.dispatcher = new ActionDispatcher(ports, this::offer);
        this.thread = new Thread(this::run, "flink-ha-loop");
    }

    public void start() {
        thread.start();
    }

    public State state() {
        return state;
    }

    public int failures() {
        return machine.failures(state, new Moment(clock.nanos(), clock.wallMillis()));
    }

    /** Since when the loop has not turned. */
    public Duration idle() {
        return Duration.ofNanos(clock.nanos() - state.now());
    }

    public void offer(Event event) {
        if (!mailbox.offer(event)) {
            broken = true;
        }
    }

    @Override
    public void ask(LongFunction<Event> request, Consumer<Reply> caller) {
        long id = requests.incrementAndGet();
        callers.put(id, caller);
        if (ended.getCount() == 0 || !mailbox.offer(request.apply(id))) {
            callers.remove(id);
            caller.accept(new Reply.Unavailable("the agent is busy or ending"));
        }
    }

    /** Waits for the end of a stop that was asked for; returns whether it was reached. */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            lastTick = clock.nanos();
            boolean running = true;
            while (running) {
                long wait = lastTick + TICK.toNanos() - clock.nanos();
                Event event = wait > 0 ? mailbox.poll(wait, TimeUnit.NANOSECONDS) : null;
                if (broken) {
                    running = step(new Event.AdapterFailed("mailbox", "it is full"));
                } else if (event == null || clock.nanos() - lastTick > GAP.toNanos()) {
                    lastTick = clock.nanos();
                    running = step(new Event.Tick()) && (event == null || step(event));
                } else {
                    running = step(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Invariants.Violation e) {
            LOG.fatalf(e, "An invariant does not hold; state: %s", state);
            exit.accept(70, "invariant violated: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.fatalf(e, "The decision core failed; state: %s", state);
            exit.accept(70, "the decision core failed: " + e);
        } finally {
            ended.countDown();
            callers.forEach(
                    (id, caller) -> caller.accept(new Reply.Unavailable("the agent is ending")));
            callers.clear();
        }
    }

    private boolean step(Event event) {
        State before = state;
        Transition transition =
                machine.step(before, new Moment(clock.nanos(), clock.wallMillis()), event);
        state = transition.state();
        for (LoopListener listener : listeners) {
            listener.stepped(event, transition);
        }
        boolean running = true;
        for (Action action : transition.actions()) {
            switch (action) {
                case Action.Answer answer -> {
                    Consumer<Reply> caller = callers.remove(answer.request());
                    if (caller != null) {
                        caller.accept(answer.reply());
                    }
                }
                case Action.Exit end -> {
                    running = false;
                    exit.accept(end.code(), end.reason());
                }
                default -> dispatcher.dispatch(action);
            }
        }
        return running;
    }
}
