package io.flinkha.agent.core;

/**
 * A part of the {@link State}: values that only a step changes, on a copy of its own.
 *
 * <p>A field is declared once, in its part, and copied with the others here. The price is that the
 * compiler does not keep a field from being written: that is held by package-private access, by
 * {@link Draft}, whose copy nobody else has while it changes, and by lists that are replaced and
 * never added to, because a copy shares them.
 */
abstract class Part implements Cloneable {

    /** Shallow: what the fields refer to is never changed. */
    @SuppressWarnings("unchecked")
    static <T extends Part> T copy(T part) {
        try {
            return (T) part.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** For the log of an agent that breaks down, and for tests. PartTest misses no field. */
    @Override
    public abstract String toString();

    /** As a record would say it. */
    String text(String... fields) {
        return getClass().getSimpleName() + "[" + String.join(", ", fields) + "]";
    }
}
