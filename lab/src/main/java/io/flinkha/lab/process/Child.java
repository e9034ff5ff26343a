package io.flinkha.lab.process;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** One process of a pod under supervision: it is restarted as its specification says. */
public class Child {
    /**
     * A process that ends at each start is a defect: the demo should say so, not go on for ever.
     */
    private static final int MOST_STARTS = 100;

    private final ChildSpec spec;
    private final List<ChildProcess> runs = new ArrayList<>();
    private final List<Integer> exitCodes = new ArrayList<>();
    private Duration restartDelay = Duration.ZERO;
    private boolean wanted = true;

    Child(ChildSpec spec) {
        this.spec = spec;
    }

    public String name() {
        return spec.name();
    }

    synchronized void start() {
        if (!wanted || runs.size() >= MOST_STARTS) {
            return;
        }
        int number = runs.size() + 1;
        Path log = spec.logDirectory().resolve(spec.name() + "-" + number + ".log");
        try {
            Files.createDirectories(spec.logDirectory());
            ProcessBuilder builder =
                    new ProcessBuilder(
                            spec.command().stream()
                                    .map(word -> word.replace("@LOG@", logWord(log)))
                                    .toList());
            File output = spec.logDirectory().resolve(spec.name() + "-" + number + ".out").toFile();
            builder.directory(spec.workingDirectory().toFile());
            builder.environment().putAll(spec.environment());
            builder.redirectErrorStream(true).redirectOutput(output);
            Process process = builder.start();
            ChildProcess run =
                    new ChildProcess(number, process.pid(), System.currentTimeMillis(), log);
            runs.add(run);
            Console.event(
                    "%s process %d started (pid %d)".formatted(name(), number, process.pid()));
            Thread.ofPlatform().daemon().name("watch-" + name()).start(() -> watch(run, process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands for the log file in the command: without its end. */
    String logWord(Path log) {
        String path = log.toString();
        return path.substring(0, path.length() - ".log".length());
    }

    private void watch(ChildProcess run, Process process) {
        try {
            ended(run, process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(ChildProcess run, int exitCode) {
        Duration delay;
        synchronized (this) {
            exitCodes.add(exitCode);
            delay = restartDelay;
            if (!wanted || !spec.restart().after(exitCode)) {
                wanted = false;
                Console.event(
                        "%s process %d ended with %d".formatted(name(), run.number(), exitCode));
                return;
            }
        }
        Console.event(
                "%s process %d ended with %d, restart in %d s"
                        .formatted(name(), run.number(), exitCode, delay.toSeconds()));
        Await.pass(delay);
        start();
    }

    public synchronized void restartDelay(Duration delay) {
        restartDelay = delay;
    }

    public synchronized ChildProcess current() {
        return runs.getLast();
    }

    /** Tells one process from the next one; empty while none runs. */
    public synchronized String running() {
        if (runs.isEmpty()) {
            return "";
        }
        ChildProcess run = current();
        return run.isAlive() ? Long.toString(run.pid()) : "";
    }

    public synchronized int starts() {
        return runs.size();
    }

    public synchronized List<Integer> exitCodes() {
        return List.copyOf(exitCodes);
    }

    /** The last exit code, if the process has ended and will not be started again. */
    public synchronized OptionalInt over() {
        return wanted || exitCodes.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(exitCodes.getLast());
    }

    /** SIGKILL; answers when the process is dead. */
    public long kill() {
        ChildProcess run = current();
        long at = System.currentTimeMillis();
        Console.event("%s process %d: SIGKILL".formatted(name(), run.number()));
        Processes.signal(run.pid(), "KILL");
        awaitEnd(run, Duration.ofSeconds(10));
        return at;
    }

    /** SIGKILL without restart; nothing if it has ended. */
    public void killForGood() {
        unwanted();
        if (current().isAlive()) {
            kill();
        }
    }

    /** SIGTERM, after which it is started again as its specification says. */
    public void terminate() {
        signal("TERM");
    }

    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** SIGTERM without restart; whoever sends it does not wait for the end. */
    public void terminateForGood() {
        unwanted();
        Processes.signal(last().pid(), "TERM");
    }

    final synchronized void unwanted() {
        wanted = false;
    }

    /** The process that was started here. */
    private synchronized ChildProcess last() {
        return runs.getLast();
    }

    /** SIGTERM without restart; SIGKILL when it takes too long. */
    public void stop(Duration grace) {
        ChildProcess run;
        synchronized (this) {
            wanted = false;
            if (runs.isEmpty()) {
                return;
            }
            run = runs.getLast();
        }
        if (!run.isAlive()) {
            return;
        }
        Processes.signal(run.pid(), "TERM");
        if (!Await.holdsWithin(grace, () -> !run.isAlive())) {
            destroy();
            awaitEnd(run, Duration.ofSeconds(10));
        }
    }

    final void awaitEnd(ChildProcess run, Duration limit) {
        Await.until("the end of " + name(), limit, () -> !run.isAlive());
    }

    private void signal(String signal) {
        ChildProcess run = current();
        Console.event("%s process %d: SIG%s".formatted(name(), run.number(), signal));
        Processes.signal(run.pid(), signal);
    }

    /** At once, without grace: for the laboratory's own end. */
    void destroy() {
        synchronized (this) {
            wanted = false;
        }
        for (ChildProcess run : List.copyOf(runs)) {
            Processes.signal(run.pid(), "KILL");
        }
    }
}
