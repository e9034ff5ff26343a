package io.flinkha.agent.config;

import io.quarkus.runtime.configuration.DurationConverter;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the value of a setting may be. */
public final class Kind<T> {
    private static final int MAX_PORT = 65_535;

    /** What the configuration's reader takes for yes; anything else is no to it. */
    private static final Set<String> YES =
            Set.of("true", "1", "yes", "y", "on", "ja", "j", "si", "sim", "oui");

    private static final String SOME_TIME = "a time above 0, such as 30s or 1h";

    static final Kind<String> TEXT = new Kind<>(value -> value, "any text");

    /**
     * What an object name in Kubernetes allows, short enough for the suffixes of the ConfigMaps.
     */
    static final Kind<String> NAME =
            text(
                    Pattern.compile("[a-z0-9]([-a-z0-9]{0,43}[a-z0-9])?").asMatchPredicate(),
                    "at most 45 lower-case letters, digits and '-', as Kubernetes names want it");

    static final Kind<String> STORAGE_URI =
            text(
                    value -> StorageUri.isComplete(URI.create(value)),
                    "file:///path, s3://bucket/path, gs://bucket/path, abfss://container@account.dfs.core.windows.net/path or wasbs://container@account.blob.core.windows.net/path");

    static final Kind<Boolean> YES_OR_NO =
            new Kind<>(
                    value -> YES.contains(value.strip().toLowerCase(Locale.ROOT)),
                    "true or false",
                    Set.of("true", "false")::contains);

    static final Kind<Duration> TIME =
            new Kind<>(Kind::time, SOME_TIME, value -> time(value).isPositive());

    static final Kind<Duration> TIME_ABOVE_ZERO =
            new Kind<>(value -> fitting(time(value), Duration::isPositive), SOME_TIME);

    static final Kind<Integer> PORT = whole(1, MAX_PORT, "a port between 1 and 65535");

    private final Function<String, T> read;
    private final String inWords;
    private final Predicate<String> plain;

    private Kind(Function<String, T> read, String inWords) {
        this(read, inWords, value -> true);
    }

    /**
     * @param read IllegalArgumentException for what the agent does not start with
     * @param inWords what it may be
     * @param plain of what it starts with, what nobody misunderstands
     */
    private Kind(Function<String, T> read, String inWords, Predicate<String> plain) {
        this.read = read;
        this.inWords = inWords;
        this.plain = plain;
    }

    /** In whole seconds. */
    static Kind<Duration> timeAtLeast(Duration least) {
        return new Kind<>(
                value -> fitting(time(value), time -> time.compareTo(least) >= 0),
                "a time of at least %ds".formatted(least.toSeconds()));
    }

    static Kind<Integer> atLeast(int least) {
        return whole(least, Integer.MAX_VALUE, "a whole number of at least " + least);
    }

    static <T extends Enum<T>> Kind<T> oneOf(T[] all) {
        return new Kind<>(
                value ->
                        Stream.of(all)
                                .filter(known -> spelt(known).equals(value))
                                .findFirst()
                                .orElseThrow(IllegalArgumentException::new),
                Stream.of(all).map(Kind::spelt).collect(Collectors.joining(" or ")));
    }

    T read(String value) {
        return read.apply(value);
    }

    /** What it may be, as the document says it. */
    String inWords() {
        return inWords;
    }

    /** In the imperative. */
    String instead() {
        return "give " + inWords;
    }

    boolean takesOfAJob(String value) {
        try {
            return read.apply(value) != null && plain.test(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Kind<String> text(Predicate<String> fits, String inWords) {
        return new Kind<>(value -> fitting(value, fits), inWords);
    }

    private static Kind<Integer> whole(int least, int most, String inWords) {
        return new Kind<>(
                value ->
                        fitting(
                                Integer.valueOf(value.strip()),
                                number -> number >= least && number <= most),
                inWords);
    }

    private static <T> T fitting(T value, Predicate<T> fits) {
        if (!fits.test(value)) {
            throw new IllegalArgumentException();
        }
        return value;
    }

    private static Duration time(String value) {
        Duration time = DurationConverter.parseDuration(value);
        if (time == null) {
            throw new IllegalArgumentException();
        }
        return time;
    }

    private static String spelt(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
