package io.flinkha.flink.agent;

import io.flinkha.flink.jvm.Halt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One call to the agent, once.
 *
 * <p>Three ends: an answer; an {@link AgentRefusal}, which is a definite no; an {@link
 * IOException}, after which nobody knows whether the call was carried out. FENCED never comes back:
 * it halts.
 *
 * <p>{@link HttpURLConnection} and not {@code java.net.http}: the latter loads some hundred classes
 * more, and class loading is what a JobManager's start is made of.
 */
final class AgentClient {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 5_000;

    /** The agent answers a plan only once storage has it; object stores take their time. */
    private static final int PLAN_MILLIS = 30_000;

    private static final int CHUNK = 64 * 1024;

    private final URI agent;
    private final Token token;
    private final Function<String, Halt.Halted> fenced;

    /**
     * @param fenced halts; given the reason
     */
    AgentClient(URI agent, Token token, Function<String, Halt.Halted> fenced) {
        this.agent = agent;
        this.token = token;
        this.fenced = fenced;
    }

    JsonNode post(String path, JsonNode body) throws IOException, AgentRefusal {
        return post(path, body, ANSWER_MILLIS);
    }

    JsonNode post(String path, JsonNode body, int answerMillis) throws IOException, AgentRefusal {
        byte[] bytes = Wire.bytes(body);
        return call("POST", path, answerMillis, out -> out.write(bytes), Wire::read);
    }

    JsonNode get(String path) throws IOException, AgentRefusal {
        return call("GET", path, ANSWER_MILLIS, null, Wire::read);
    }

    JsonNode delete(String path) throws IOException, AgentRefusal {
        return call("DELETE", path, ANSWER_MILLIS, null, Wire::read);
    }

    /** Streams a body that may be large and is never held in memory. */
    JsonNode put(String path, BodyWriter body) throws IOException, AgentRefusal {
        return call("PUT", path, PLAN_MILLIS, body, Wire::read);
    }

    /** Streams an answer that may be large. */
    <T> T download(String path, BodyReader<T> reader) throws IOException, AgentRefusal {
        return call("GET", path, PLAN_MILLIS, null, reader);
    }

    /** Of one who has no epoch, so that none of his can be over. */
    <T> T downloadAhead(String path, BodyReader<T> reader) throws IOException, AgentRefusal {
        return attempt("GET", path, PLAN_MILLIS, null, reader);
    }

    private <T> T call(
            String method,
            String path,
            int answerMillis,
            @Nullable BodyWriter body,
            BodyReader<T> reader)
            throws IOException, AgentRefusal {
        try {
            return attempt(method, path, answerMillis, body, reader);
        } catch (AgentRefusal e) {
            if (e.isFenced()) {
                throw fenced.apply(e.reason());
            }
            throw e;
        }
    }

    private <T> T attempt(
            String method,
            String path,
            int answerMillis,
            @Nullable BodyWriter body,
            BodyReader<T> reader)
            throws IOException, AgentRefusal {
        HttpURLConnection connection = send(method, path, answerMillis, body);
        if (connection.getResponseCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                && token.changed()) {
            drain(connection);
            connection = send(method, path, answerMillis, body);
        }
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            try (InputStream in = connection.getInputStream()) {
                return reader.read(in);
            }
        }
        throw refusal(status, drain(connection), method + " " + path);
    }

    private HttpURLConnection send(
            String method, String path, int answerMillis, @Nullable BodyWriter body)
            throws IOException {
        // Without NO_PROXY a JVM-wide http.proxyHost would carry the token out of the pod.
        HttpURLConnection connection =
                (HttpURLConnection) agent.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(answerMillis);
        connection.setUseCaches(false);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Authorization", "Bearer " + token.value());
        if (body != null) {
            connection.setDoOutput(true);
            if (method.equals("PUT")) {
                connection.setRequestProperty("Content-Type", "application/octet-stream");
                connection.setChunkedStreamingMode(CHUNK);
            } else {
                connection.setRequestProperty("Content-Type", "application/json");
            }
            try (OutputStream out = connection.getOutputStream()) {
                body.write(out);
            }
        }
        return connection;
    }

    private static AgentRefusal refusal(int status, byte[] body, String call) throws IOException {
        if (status >= 500 || status == HttpURLConnection.HTTP_UNAUTHORIZED) {
            throw new IOException(
                    call
                            + " was answered "
                            + status
                            + " "
                            + new String(body, StandardCharsets.UTF_8));
        }
        JsonNode answer = Wire.readOrEmpty(body);
        return new AgentRefusal(
                status, answer.path("error").asText(""), answer.path("reason").asText(""));
    }

    private static byte[] drain(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getErrorStream()) {
            if (in == null) {
                return new byte[0];
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            in.transferTo(body);
            return body.toByteArray();
        }
    }
}
