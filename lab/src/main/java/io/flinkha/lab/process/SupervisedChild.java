package io.flinkha.lab.process;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A JobManager under {@code flink-ha-run}, as in its container: that starts it again, and the
 * laboratory's kubelet only starts the supervisor again.
 *
 * <p>What is asked of a child here is asked of the JobManager: its starts, its ends, its process.
 */
public final class SupervisedChild extends Child {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path runDirectory;
    private final Path logs;
    private Duration delay = Duration.ZERO;

    SupervisedChild(ChildSpec spec, Path runDirectory) {
        super(spec);
        this.runDirectory = runDirectory;
        this.logs = spec.logDirectory();
    }

    /** The supervisor tells each process its number, and log4j puts it there. */
    @Override
    String logWord(Path log) {
        return logs.resolve(name() + "-").toString();
    }

    @Override
    public synchronized int starts() {
        String start = Directories.text(runDirectory.resolve("start"));
        return start.isBlank() ? 0 : word(start, 0);
    }

    @Override
    public synchronized List<Integer> exitCodes() {
        List<Integer> codes = new ArrayList<>();
        Directories.text(runDirectory.resolve("ends"))
                .lines()
                .forEach(line -> codes.add(word(line, 1)));
        return codes;
    }

    private static int word(String line, int index) {
        return Integer.parseInt(line.strip().split(" ", -1)[index]);
    }

    /** The process that runs, or the last one's place if none does. */
    @Override
    public synchronized ChildProcess current() {
        int number = starts();
        Path log = logs.resolve(name() + "-" + number + ".log");
        return process()
                .map(java -> new ChildProcess(number, java.pid(), startedAt(), log))
                .orElse(new ChildProcess(number, -1, 0, log));
    }

    /**
     * By the file that its supervisor writes before: a process's own time is that of the boot's.
     */
    private long startedAt() {
        return runDirectory.resolve("start").toFile().lastModified();
    }

    private Optional<ProcessHandle> process() {
        return supervisor().stream()
                .flatMap(ProcessHandle::descendants)
                .filter(one -> one.info().command().orElse("").endsWith("/java"))
                .filter(one -> Processes.isAlive(one.pid()))
                .findAny();
    }

    private Optional<ProcessHandle> supervisor() {
        return ProcessHandle.of(super.current().pid());
    }

    @Override
    public synchronized void restartDelay(Duration delay) {
        this.delay = delay;
    }

    /** A supervisor that is to take its time stands still as long. */
    @Override
    public long kill() {
        awaitProcess();
        ChildProcess run = current();
        standStill();
        long at = System.currentTimeMillis();
        Console.event("%s process %d: SIGKILL".formatted(name(), run.number()));
        Processes.signal(run.pid(), "KILL");
        awaitEnd(run, Duration.ofSeconds(10));
        return at;
    }

    @Override
    public void pause() {
        awaitProcess();
        super.pause();
    }

    private void awaitProcess() {
        Await.until("a process of " + name(), LIMIT, () -> process().isPresent());
    }

    /** The same, where it may be starting just then: then only the supervisor stands still. */
    public void killIfThere() {
        ChildProcess run = current();
        standStill();
        if (run.isAlive()) {
            Processes.signal(run.pid(), "KILL");
        }
    }

    /**
     * The order that the agent writes into the FIFO, for the start that is there now; the
     * supervisor kills it, or nothing if it has ended meanwhile.
     */
    public void killOnOrder() {
        ChildProcess run = current();
        Console.event("%s process %d: ordered to be killed".formatted(name(), run.number()));
        // Opened for reading too: a FIFO that nobody reads would hold up whoever only writes.
        try (FileChannel orders =
                FileChannel.open(
                        runDirectory.resolve("orders"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            orders.write(StandardCharsets.US_ASCII.encode("kill %d\n".formatted(run.number())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (run.pid() > 0) {
            awaitEnd(run, Duration.ofSeconds(10));
        }
    }

    /**
     * SIGKILL to the supervisor with all that it started, as when a container runs out of memory.
     */
    public long killContainer() {
        long at = System.currentTimeMillis();
        Console.event("%s: SIGKILL to its container".formatted(name()));
        destroyAll();
        return at;
    }

    @Override
    public void killForGood() {
        unwanted();
        destroyAll();
    }

    @Override
    void destroy() {
        unwanted();
        destroyAll();
    }

    private void standStill() {
        long supervisor = super.current().pid();
        Duration wait;
        synchronized (this) {
            wait = delay;
        }
        if (!wait.isZero()) {
            Processes.signal(supervisor, "STOP");
            Thread.ofPlatform()
                    .daemon()
                    .name("delay-" + name())
                    .start(() -> {
                        Await.pass(wait);
                        Processes.signal(supervisor, "CONT");
                    });
        }
    }

    private void destroyAll() {
        supervisor()
                .ifPresent(supervisor -> {
                    // First the one that would start another: it cannot, once it stands still.
                    Processes.signal(supervisor.pid(), "STOP");
                    Collection<ProcessHandle> all = supervisor.descendants().toList();
                    supervisor.destroyForcibly();
                    all.forEach(ProcessHandle::destroyForcibly);
                });
    }
}
