package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.PlanStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** One plan on its way into the storage: at most one part of it is in memory. */
final class PlanWriter implements PlanStore.Writer {
    private static final int FIRST = 64 * 1024;

    private final BlobStore store;
    private final BlobPlanStore plans;
    private final MessageDigest digest = sha256();
    private final String upload = UUID.randomUUID().toString();
    private final List<String> parts = new ArrayList<>();
    private byte[] buffer = new byte[FIRST];
    private int filled;
    private long bytes;
    private boolean committed;

    PlanWriter(BlobStore store, BlobPlanStore plans) {
        this.store = store;
        this.plans = plans;
    }

    @Override
    public void write(byte[] piece) throws IOException {
        digest.update(piece);
        bytes += piece.length;
        int taken = 0;
        while (taken < piece.length) {
            if (filled == BlobStore.MAX_BYTES) {
                storePart();
            }
            int room = Math.min(piece.length - taken, BlobStore.MAX_BYTES - filled);
            if (filled + room > buffer.length) {
                int wanted = Math.max(filled + room, 2 * buffer.length);
                buffer = Arrays.copyOf(buffer, Math.min(wanted, BlobStore.MAX_BYTES));
            }
            System.arraycopy(piece, taken, buffer, filled, room);
            filled += room;
            taken += room;
        }
    }

    private void storePart() throws IOException {
        String name = upload + "-" + parts.size();
        // Named before it is there: a write that failed may have happened all the same.
        parts.add(name);
        if (!plans.put(BlobPlanStore.object(name), written())) {
            throw new IOException(
                    "%s is not what was written"
                            .formatted(store.place(BlobPlanStore.object(name))));
        }
        filled = 0;
    }

    private byte[] written() {
        return filled == buffer.length ? buffer : Arrays.copyOf(buffer, filled);
    }

    @Override
    public PlanRef commit() throws IOException {
        PlanRef ref = new PlanRef(HexFormat.of().formatHex(digest.digest()), bytes);
        byte[] head = written();
        if (!parts.isEmpty()) {
            storePart();
            head = String.join("\n", parts).getBytes(UTF_8);
        }
        plans.place(ref, head, parts);
        committed = true;
        return ref;
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            plans.deleteParts(parts);
            parts.clear();
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
