package io.flinkha.lab.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * What an agent's metrics page answers.
 *
 * @param nanos from the request to the last byte
 */
public record Scrape(String text, long nanos) {
    /** As promtool reads it; OpenMetrics, the default, names its counters otherwise. */
    public static final String TEXT = "text/plain;version=0.0.4";

    /** As Prometheus asks since its version 2.5. */
    public static final String OPEN_METRICS =
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** Another page of the same port. */
    public static String page(int managementPort, String path) {
        return get(managementPort, path, "application/json");
    }

    public static Scrape of(int managementPort, String accept) {
        long start = System.nanoTime();
        String text = get(managementPort, "/q/metrics", accept);
        return new Scrape(text, System.nanoTime() - start);
    }

    private static String get(int managementPort, String path, String accept) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Accept", accept)
                        .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public long series() {
        return text.lines().filter(line -> !line.startsWith("#")).count();
    }
}
