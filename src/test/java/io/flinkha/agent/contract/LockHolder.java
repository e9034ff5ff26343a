package io.flinkha.agent.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that locks a file, writes its id into it and waits to be killed. */
public final class LockHolder {
    private LockHolder() {}

    /** Returns once the process holds the lock. */
    public static Process start(Path file, String id) throws IOException {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LockHolder.class.getName(),
                                file.toString(),
                                id)
                        .redirectErrorStream(true)
                        .start();
        process.inputReader(StandardCharsets.UTF_8).readLine();
        return process;
    }

    public static void main(String[] args) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                Path.of(args[0]),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(args[1].getBytes(StandardCharsets.UTF_8)));
            System.out.println("locked " + lock.isValid());
            System.in.read();
        }
    }
}
