package io.flinkha.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/** What the API server wrote down: a line for each stage of a request, of which a watch has two. */
public final class AuditLog {
    private final Path file;

    public AuditLog(Path file) {
        this.file = file;
    }

    /** The requests of a service account that arrived in between, a watch counted when it began. */
    public long requests(String namespace, String account, Instant from, Instant to) {
        String user = "system:serviceaccount:" + namespace + ":" + account;
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.contains(user))
                    .map(Json::read)
                    .filter(event -> event.path("user").path("username").asText().equals(user))
                    .filter(event -> isBetween(event, from, to))
                    .map(event -> event.path("auditID").asText())
                    .distinct()
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isBetween(JsonNode event, Instant from, Instant to) {
        Instant received = Instant.parse(event.path("requestReceivedTimestamp").asText());
        return !received.isBefore(from) && received.isBefore(to);
    }
}
