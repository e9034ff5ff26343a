package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The parts of one plan, one after the other: each is read when the one before it is used up. */
final class PartStream extends InputStream {
    private final BlobStore store;
    private final Deque<String> next;
    private InputStream current = InputStream.nullInputStream();

    /** A plan that cannot be read to its end any more. */
    static final class PartGone extends IOException {
        private static final long serialVersionUID = 1L;

        private final String part;

        PartGone(String part) {
            super("part %s is gone".formatted(part));
            this.part = part;
        }

        String part() {
            return part;
        }
    }

    PartStream(BlobStore store, List<String> parts) {
        this.store = store;
        this.next = new ArrayDeque<>(parts);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = current.read(into, offset, length);
        while (count < 0 && !next.isEmpty()) {
            String name = BlobPlanStore.object(next.remove());
            // Its bytes may go before those of the next one come.
            current = InputStream.nullInputStream();
            current =
                    new ByteArrayInputStream(
                            store.get(name).orElseThrow(() -> new PartGone(store.place(name))));
            count = current.read(into, offset, length);
        }
        return count;
    }
}
