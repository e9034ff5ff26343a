package io.flinkha.agent.contract;

import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;

/** Objects in memory, behind a storage that can be made to fail or to hang. */
public final class FakeMirror implements ManifestMirror {
    private final Map<String, String> objects = new ConcurrentSkipListMap<>();
    private volatile boolean failing;
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private final CountDownLatch writing = new CountDownLatch(1);

    public void fail(boolean fails) {
        failing = fails;
    }

    /** Writes wait until the latch is open. */
    public void hang(CountDownLatch latch) {
        hanging = latch;
    }

    /** Returns once the first write has begun. */
    public void awaitWriter() throws InterruptedException {
        writing.await();
    }

    @Override
    public void put(String name, String json) throws IOException {
        writing.countDown();
        try {
            hanging.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (failing) {
            throw new IOException("the fake was told so");
        }
        objects.putIfAbsent(name, json);
    }

    @Override
    public List<String> list() {
        return List.copyOf(objects.keySet()).reversed();
    }

    @Override
    public Optional<String> read(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    @Override
    public void delete(String name) {
        objects.remove(name);
    }
}
