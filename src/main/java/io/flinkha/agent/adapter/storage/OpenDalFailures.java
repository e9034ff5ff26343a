package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.StorageFailure.Kind;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.opendal.OpenDALException;

/**
 * OpenDAL's exceptions by what a person has to look at. It has few codes of its own, so the store's
 * status and code are read from the text.
 */
final class OpenDalFailures {
    private static final Pattern STATUS = Pattern.compile("status: (\\d{3})");
    private static final Pattern CODE = Pattern.compile("[cC]ode: \"?([A-Za-z]{4,})");
    private static final Pattern SAID = Pattern.compile("message: \"([^\"]+)");
    private static final int LONGEST = 200;

    /** The stores' own codes: of S3, Google and Azure, and of MinIO. */
    private static final Map<String, Kind> CODES =
            Map.ofEntries(
                    Map.entry("RequestTimeTooSkewed", Kind.CLOCK_SKEWED),
                    Map.entry("SlowDown", Kind.THROTTLED),
                    Map.entry("ServerBusy", Kind.THROTTLED),
                    Map.entry("AuthorizationHeaderMalformed", Kind.MISCONFIGURED),
                    Map.entry("PermanentRedirect", Kind.MISCONFIGURED),
                    Map.entry("IllegalLocationConstraintException", Kind.MISCONFIGURED),
                    Map.entry("NoSuchBucket", Kind.MISCONFIGURED),
                    Map.entry("InvalidBucketName", Kind.MISCONFIGURED),
                    Map.entry("ContainerNotFound", Kind.MISCONFIGURED),
                    Map.entry("ExpiredToken", Kind.DENIED),
                    Map.entry("InvalidToken", Kind.DENIED),
                    Map.entry("XMinioStorageFull", Kind.FULL),
                    Map.entry("QuotaExceeded", Kind.FULL));

    private static final Map<String, Kind> STATUSES =
            Map.of(
                    "301", Kind.MISCONFIGURED,
                    "307", Kind.MISCONFIGURED,
                    "401", Kind.DENIED,
                    "403", Kind.DENIED,
                    "429", Kind.THROTTLED,
                    "503", Kind.THROTTLED,
                    "507", Kind.FULL);

    /** Of OpenDAL's own words, where no answer came or only a part of one. */
    private static final List<String> BROKEN =
            List.of("send http request", "error reading a body", "too little data");

    private OpenDalFailures() {}

    static StorageFailure of(String verb, String place, OpenDALException e) {
        String text = String.valueOf(e.getMessage());
        return Failures.of(kind(e.getCode(), text), verb, place, said(text), e);
    }

    /** There is no such object; that there is no such bucket is another thing. */
    static boolean isAbsence(OpenDALException e) {
        String text = String.valueOf(e.getMessage());
        return e.getCode() == OpenDALException.Code.NotFound
                && !text.contains("ContainerNotFound")
                && !text.contains("bucket does not exist");
    }

    private static Kind kind(OpenDALException.Code code, String text) {
        Kind byStore = CODES.getOrDefault(first(CODE, text), STATUSES.get(first(STATUS, text)));
        if (byStore != null) {
            return byStore;
        }
        return switch (code) {
            case PermissionDenied -> Kind.DENIED;
            case RateLimited -> Kind.THROTTLED;
            case ConfigInvalid, NotFound -> Kind.MISCONFIGURED;
            default -> {
                // Asking for them may be what did not get through.
                if (text.contains("loading credential")) {
                    yield Kind.DENIED;
                }
                yield BROKEN.stream().anyMatch(text::contains) ? Kind.UNREACHABLE : Kind.FAILED;
            }
        };
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** The store's own words, or the innermost cause, on one line. */
    private static String said(String text) {
        String message = first(SAID, text);
        String words = message;
        if (message.isEmpty()) {
            int source = text.indexOf("Source:");
            words =
                    source < 0
                            ? text.substring(text.indexOf("=>") + 1)
                            : text.substring(source + 7);
        }
        String code = first(CODE, text);
        String line =
                (code.isEmpty() ? "" : code + ": ")
                        + words.strip().lines().findFirst().orElse("").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
