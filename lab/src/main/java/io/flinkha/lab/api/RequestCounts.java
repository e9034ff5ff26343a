package io.flinkha.lab.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** How often who asked for what. */
public final class RequestCounts {

    /** One line of the count; the agent is the client's user agent. */
    public record Count(String verb, String resource, String name, String agent, long count) {
        public boolean writes() {
            return new ApiRequest(verb, resource, name).writes();
        }
    }

    private record Key(ApiRequest request, String agent) {}

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    public void add(ApiRequest request, String agent) {
        counts.computeIfAbsent(new Key(request, agent), key -> new LongAdder()).increment();
    }

    public List<Count> all() {
        List<Count> all = new ArrayList<>();
        counts.forEach((key, number) ->
                all.add(
                        new Count(
                                key.request().verb(),
                                key.request().resource(),
                                key.request().name(),
                                key.agent(),
                                number.sum())));
        return all;
    }

    public static List<Count> parse(String json) {
        List<Count> all = new ArrayList<>();
        for (JsonNode line : Json.read(json)) {
            all.add(
                    new Count(
                            line.path("verb").asText(),
                            line.path("resource").asText(),
                            line.path("name").asText(),
                            line.path("agent").asText(),
                            line.path("count").asLong()));
        }
        return all;
    }

    public static long sum(List<Count> counts, Predicate<Count> which) {
        return counts.stream().filter(which).mapToLong(Count::count).sum();
    }
}
