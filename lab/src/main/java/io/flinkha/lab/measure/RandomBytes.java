package io.flinkha.lab.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** So many bytes that cannot be compressed, the same each time, made while they are read. */
public record RandomBytes(long length) {
    private static final int BLOCK = 1024 * 1024;

    public InputStream open() {
        return new Blocks(length);
    }

    public String sha256() {
        return sha256(open());
    }

    /** Of a stream, read to its end. */
    public static String sha256(InputStream stream) {
        try (DigestInputStream in =
                new DigestInputStream(stream, MessageDigest.getInstance("SHA-256"))) {
            byte[] unused = new byte[64 * 1024];
            while (in.read(unused) >= 0) {
                // Only the digest is wanted.
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One random block again and again, each time with its number at its beginning. */
    private static final class Blocks extends InputStream {
        private final byte[] block = new byte[BLOCK];
        private long left;
        private long number;
        private int at;

        Blocks(long length) {
            left = length;
            new Random(length).nextBytes(block);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int wanted) {
            if (left == 0) {
                return -1;
            }
            if (at == BLOCK) {
                at = 0;
                ByteBuffer.wrap(block).putLong(number++);
            }
            int count = (int) Math.min(left, Math.min(wanted, BLOCK - at));
            System.arraycopy(block, at, into, offset, count);
            at += count;
            left -= count;
            return count;
        }
    }
}
