package io.flinkha.agent.adapter.jobmanager;

import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.port.Supervisor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code flink-ha-run}, by the files of the run directory. docs/PROTOCOL.md has each of them. */
public final class FileSupervisor implements Supervisor {
    private static final Pattern END =
            Pattern.compile("(\\d{1,18}) (-?\\d{1,9}) (\\d{1,18}) (\\d{1,18})");

    private final Path runDir;

    public FileSupervisor(Path runDir) {
        this.runDir = runDir;
    }

    /** Written by rename, so it is never half there; a line that a person spoiled is left out. */
    @Override
    public List<ProcessEnd> ends() throws IOException {
        try {
            // By bytes: what is no UTF-8 is a spoiled line like any other.
            String text =
                    new String(
                            Files.readAllBytes(runDir.resolve("ends")),
                            StandardCharsets.ISO_8859_1);
            return text.lines().flatMap(FileSupervisor::end).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static Stream<ProcessEnd> end(String line) {
        Matcher fields = END.matcher(line);
        return fields.matches()
                ? Stream.of(
                        new ProcessEnd(
                                Long.parseLong(fields.group(1)),
                                Integer.parseInt(fields.group(2)),
                                Long.parseLong(fields.group(3)),
                                Long.parseLong(fields.group(4))))
                : Stream.empty();
    }

    @Override
    public Optional<String> kill(long start) {
        Path orders = runDir.resolve("orders");
        try {
            BasicFileAttributes kind =
                    Files.readAttributes(
                            orders, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!kind.isOther()) {
                return Optional.of(
                        "%s is no FIFO any more: end the JobManager's container, its supervisor makes it anew."
                                .formatted(orders));
            }
            // Opened for reading too: a FIFO that nobody reads would hold up whoever only writes.
            try (FileChannel channel =
                    FileChannel.open(orders, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.write(
                        ByteBuffer.wrap(
                                "kill %d\n".formatted(start).getBytes(StandardCharsets.US_ASCII)));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "%s cannot be written (%s): the JobManager's container has to be started by flink-ha-run."
                            .formatted(orders, e));
        }
    }

    @Override
    public void tell(Standing standing) throws IOException {
        put("hold", standing.hold() ? "" : null);
        put("yield", standing.yields() ? "" : null);
        ExitCode end = standing.end();
        put("final", end == null ? null : end.code() + "\n");
    }

    /** Whole, or not there. */
    private void put(String name, @Nullable String content) throws IOException {
        Path file = runDir.resolve(name);
        if (content == null) {
            Files.deleteIfExists(file);
        } else {
            Path aside = runDir.resolve("." + name);
            Files.writeString(aside, content);
            Files.move(
                    aside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
