package io.flinkha.flink.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** What a fake agent reads and writes of the wire. */
public final class OtherEnd {
    public static final String EARLIER_RUNS = "/v1/leftovers";
    public static final String SWEPT = "/v1/collected";
    public static final String START = Wire.START;
    public static final String PLAN = Wire.PLAN;

    private OtherEnd() {}

    public static Pointer pointer(JsonNode checkpoint) {
        try {
            return Wire.pointer(checkpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(Pointer pointer) {
        return Wire.write(pointer);
    }

    public static Map<String, String> addresses(JsonNode publish) {
        Map<String, String> addresses = new TreeMap<>();
        JsonNode leaders = publish.path("leaders");
        leaders.fieldNames()
                .forEachRemaining(name -> addresses.put(name, leaders.path(name).asText()));
        return addresses;
    }

    /** The call of a process that says no more than who it is. */
    public static JsonNode call(String jm, long epoch) {
        return Wire.call(jm, epoch);
    }
}
