package io.flinkha.agent.adapter.kubernetes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Serial;

/** The API server refused, or could not be asked. */
final class ApiException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final int code;
    private final transient JsonObject status;

    /**
     * @param code of the HTTP response
     * @param status object of kind Status, as far as the API server gave one
     */
    ApiException(int code, JsonObject status, String reason) {
        super("%d %s".formatted(code, status.getString("message", reason)));
        this.code = code;
        this.status = status;
    }

    /** There is no answer. */
    ApiException(Throwable cause) {
        super(cause.toString(), cause);
        this.code = 0;
        this.status = new JsonObject();
    }

    private ApiException(int code, String message, ApiException cause) {
        super(message, cause);
        this.code = code;
        this.status = cause.status;
    }

    /** Of the HTTP response; 0 if there was none. */
    int code() {
        return code;
    }

    ApiException as(int otherCode, String message) {
        return new ApiException(otherCode, message, this);
    }

    /** Whether the API server names this field as one that it does not accept. */
    boolean isAbout(String field) {
        JsonArray causes =
                status.getJsonObject("details", new JsonObject())
                        .getJsonArray("causes", new JsonArray());
        return causes.stream()
                .anyMatch(cause ->
                        cause instanceof JsonObject found
                                && field.equals(found.getString("field")));
    }
}
