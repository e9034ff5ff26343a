package io.flinkha.flink.plan;

import io.flinkha.flink.agent.AgentClient;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.Wire;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.state.SourceStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.util.InstantiationUtil;

/**
 * Moves a plan to and from the agent as a stream: a plan of hundreds of megabytes is never held a
 * second time in memory.
 */
final class PlanTransfer {
    private final AgentClient client;
    private final Run run;

    PlanTransfer(AgentClient client, Run run) {
        this.client = client;
        this.run = run;
    }

    /** One try to store the plan; returns its sha256 once the agent has committed it. */
    String upload(String name, Serializable plan) throws IOException, AgentRefusal {
        MessageDigest digest = UserCodeDigest.sha256();
        JsonNode answer =
                client.put(
                        address() + "&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
                        out -> {
                            // The writer is called again when the token was read again.
                            digest.reset();
                            try (OutputStream hashed = new DigestOutputStream(out, digest)) {
                                InstantiationUtil.serializeObject(hashed, plan);
                            }
                        });
        String sent = UserCodeDigest.hex(digest.digest());
        String stored = Wire.text(answer, "sha256");
        if (!stored.equals(sent)) {
            throw new IOException("sent a plan of sha256 " + sent + ", the agent stored " + stored);
        }
        return stored;
    }

    /** One try to read the plan back. */
    <T> T download(Class<T> type, String sha256, ClassLoader classes)
            throws IOException, AgentRefusal, DamagedPlanException {
        try {
            return client.download(address(), in -> type.cast(read(in, sha256, classes)));
        } catch (DamagedPlan e) {
            throw new DamagedPlanException(String.valueOf(e.getMessage()), e);
        }
    }

    JsonNode delete() throws IOException, AgentRefusal {
        return client.delete(address());
    }

    private static Object read(InputStream in, String sha256, ClassLoader classes)
            throws IOException {
        SourceStream source = new SourceStream(in);
        DigestInputStream hashed = new DigestInputStream(source, UserCodeDigest.sha256());
        Object plan = deserialize(source, hashed, classes);
        drain(hashed);
        String found = UserCodeDigest.hex(hashed.getMessageDigest().digest());
        if (!found.equals(sha256)) {
            throw new DamagedPlan(
                    "the stored plan is damaged: sha256 "
                            + sha256
                            + " expected, "
                            + found
                            + " found");
        }
        return plan;
    }

    private static Object deserialize(SourceStream source, InputStream in, ClassLoader classes)
            throws IOException {
        try {
            return InstantiationUtil.deserializeObject(in, classes);
        } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            throw new DamagedPlan("the stored plan cannot be deserialised: " + e, e);
        } catch (IOException e) {
            if (source.failed()) {
                throw e;
            }
            throw new DamagedPlan("the stored plan cannot be deserialised: " + e, e);
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[8 * 1024];
        int count = 0;
        while (count >= 0) {
            count = in.read(buffer);
        }
    }

    private String address() {
        return "/v1/plans/"
                + run.jobId().toHexString()
                + "?jm="
                + run.jm()
                + "&epoch="
                + run.epoch();
    }

    /** The plan arrived whole, and is no good. */
    static final class DamagedPlanException extends Exception {
        private static final long serialVersionUID = 1L;

        DamagedPlanException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The same on its way through a stream reader, which may throw IOExceptions only. */
    private static final class DamagedPlan extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedPlan(String message) {
            super(message);
        }

        DamagedPlan(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
