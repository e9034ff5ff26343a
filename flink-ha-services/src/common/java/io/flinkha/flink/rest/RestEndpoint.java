package io.flinkha.flink.rest;

import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.leader.LeaderAddresses;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.runtime.rest.ConnectionIdleException;
import org.apache.flink.runtime.rest.RestClient;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.util.ConfigurationException;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Asks the JobManager's own REST endpoint, where this JVM published it.
 *
 * <p>Flink's client is made at the first question, when the endpoint is up: its classes need not be
 * loaded before the job runs.
 */
public final class RestEndpoint implements AutoCloseable {
    /** How long anybody waits who waits for an answer. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private static final Duration CONNECT = Duration.ofSeconds(1);

    /** After so much silence a connection is given up: an answer that comes late is one, too. */
    private static final Duration IDLE = Duration.ofSeconds(90);

    /** Flink's words, where its own call to a main thread came to nothing within web.timeout. */
    private static final String MAIN_THREAD_SILENT = "TimeoutException: Invocation of [";

    /** The endpoint's own certificate is also the one that this client shows. */
    private static final String TLS =
            ": "
                    + SecurityOptions.SSL_REST_TRUSTSTORE.key()
                    + " of the JobManager has to trust the certificate in its "
                    + SecurityOptions.SSL_REST_KEYSTORE.key()
                    + ", which has to name this address where hosts are verified.";

    private final LeaderAddresses addresses;
    private final Configuration configuration;
    private final Duration answerWithin;
    private final Duration idle;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(new DaemonThreads("flink-ha-rest"));
    private @Nullable RestClient client;
    private String clientOf = "";

    /**
     * @param configuration what Flink itself runs with
     */
    public RestEndpoint(LeaderAddresses addresses, Configuration configuration) {
        this(addresses, configuration, ANSWER, IDLE);
    }

    RestEndpoint(
            LeaderAddresses addresses,
            Configuration configuration,
            Duration answerWithin,
            Duration idle) {
        this.addresses = addresses;
        this.configuration = configuration;
        this.answerWithin = answerWithin;
        this.idle = idle;
    }

    /** Whether Flink published it, and has not taken it back. */
    public boolean isUp() {
        return addresses.address("restserver").isPresent();
    }

    /** Waits for the answer, but not for long. An exception means that nobody knows. */
    public JsonNode ask(JobQuery query, JobID job) throws IOException {
        try {
            return send(query, job).get(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            ExceptionUtils.rethrowIOException(e.getCause());
            throw new IOException(e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the REST endpoint did not answer within " + answerWithin.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the REST endpoint was asked");
        }
    }

    /**
     * Completes with the answer, or with an {@link IOException}: {@link RestError} for an answer
     * that is an error, {@link Unanswered} if nothing came for much longer than anybody waits.
     *
     * @throws IOException if it cannot be asked
     */
    public CompletableFuture<JsonNode> send(JobQuery query, JobID job) throws IOException {
        String address =
                addresses
                        .address("restserver")
                        .orElseThrow(() -> new IOException("the REST endpoint is not up"));
        URL url = url(address);
        JobMessageParameters parameters = query.getUnresolvedMessageParameters();
        parameters.jobPathParameter.resolve(job);
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        var unused =
                client(url)
                        .sendRequest(
                                url.getHost(),
                                url.getPort(),
                                query,
                                parameters,
                                EmptyRequestBody.getInstance())
                        .whenComplete((json, failure) -> {
                            if (failure == null) {
                                answer.complete(json.json());
                            } else {
                                answer.completeExceptionally(why(address, failure));
                            }
                        });
        return answer;
    }

    private static URL url(String address) throws IOException {
        URL url = new URL(address);
        if (url.getHost().isEmpty() || url.getPort() < 0) {
            throw new MalformedURLException(address + " is no address of a REST endpoint");
        }
        return url;
    }

    private synchronized RestClient client(URL url) throws IOException {
        RestClient made = client;
        if (made != null && clientOf.equals(url.toString())) {
            return made;
        }
        close();
        Configuration own = configuration.clone();
        own.set(RestOptions.CONNECTION_TIMEOUT, CONNECT);
        own.set(RestOptions.IDLENESS_TIMEOUT, idle);
        // Of a gateway that clients come through; the endpoint itself knows of none.
        var unused = own.removeConfig(RestOptions.URL_PREFIX);
        try {
            made = RestClient.forUrl(own, threads, url);
        } catch (ConfigurationException e) {
            throw new IOException(
                    url
                            + " cannot be asked, as Flink can make no client of it ("
                            + root(e)
                            + "): the JobManager needs "
                            + SecurityOptions.SSL_REST_TRUSTSTORE.key()
                            + " and what belongs to it, too.",
                    e);
        }
        client = made;
        clientOf = url.toString();
        return made;
    }

    private static IOException why(String address, Throwable failure) {
        Throwable cause = ExceptionUtils.stripCompletionException(failure);
        if (cause instanceof RestClientException) {
            RestClientException error = (RestClientException) cause;
            return String.valueOf(error.getMessage()).contains(MAIN_THREAD_SILENT)
                    ? new Unanswered(address + " got no answer of a main thread", error)
                    : new RestError(error.getHttpResponseStatus().code(), error);
        }
        if (cause instanceof ConnectionIdleException) {
            return new Unanswered(address + " did not answer", cause);
        }
        return unreached(address, cause);
    }

    /**
     * Whatever TLS does not let through may be seen as no more than a connection that was closed.
     */
    private static IOException unreached(String address, Throwable failure) {
        Throwable cause =
                ExceptionUtils.findThrowable(failure, SSLException.class)
                        .map(Throwable.class::cast)
                        .orElse(failure);
        boolean tls = address.startsWith("https:") && !(failure instanceof ConnectException);
        return new IOException(
                address + " cannot be asked (" + cause.getMessage() + ")" + (tls ? TLS : ""),
                failure);
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** For tests: a real process asks until it ends. */
    @Override
    public synchronized void close() {
        RestClient made = client;
        client = null;
        if (made != null) {
            var unused = made.closeAsync();
        }
    }
}
