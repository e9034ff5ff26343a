package io.flinkha.flink.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** An answer as it came. */
final class JsonAnswer implements ResponseBody {
    private final JsonNode json;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    JsonAnswer(JsonNode json) {
        this.json = json;
    }

    JsonNode json() {
        return json;
    }
}
