package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Sha256;
import io.flinkha.flink.state.SourceStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import org.apache.flink.util.InstantiationUtil;

/**
 * Makes a stored plan again out of the stream in which it arrives: one of hundreds of megabytes is
 * never held a second time in memory.
 */
final class StoredPlan<P> {
    private final Class<P> type;
    private final String sha256;
    private final ClassLoader classes;

    StoredPlan(Class<P> type, String sha256, ClassLoader classes) {
        this.type = type;
        this.sha256 = sha256;
        this.classes = classes;
    }

    /** An {@link IOException} means that the stream broke off, and is worth another try. */
    P read(InputStream in) throws IOException {
        SourceStream source = new SourceStream(in);
        DigestInputStream hashed = new DigestInputStream(source, Sha256.digest());
        Object plan = deserialize(source, hashed);
        drain(hashed);
        String found = Sha256.hex(hashed.getMessageDigest().digest());
        if (!found.equals(sha256)) {
            throw new DamagedException(
                    "the stored plan is damaged: sha256 "
                            + sha256
                            + " expected, "
                            + found
                            + " found");
        }
        return type.cast(plan);
    }

    private Object deserialize(SourceStream source, InputStream in) throws IOException {
        try {
            return InstantiationUtil.deserializeObject(in, classes);
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            throw new DamagedException("the stored plan cannot be deserialised: " + e, e);
        } catch (IOException e) {
            if (source.failed()) {
                throw e;
            }
            throw new DamagedException("the stored plan cannot be deserialised: " + e, e);
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[8 * 1024];
        int count = 0;
        while (count >= 0) {
            count = in.read(buffer);
        }
    }

    /** The plan arrived whole, and is no good. */
    static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }

        DamagedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
