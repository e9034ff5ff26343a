package io.flinkha.agent.core;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of the {@link State}: values that only a step changes, on a copy of its own.
 *
 * <p>A field is declared once, in its part. Here it is copied with the others, and read by name for
 * the log; a place that lists all fields would be a second one to forget. The price is that the
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

    /** For the log of an agent that breaks down, and for tests. */
    @Override
    public final String toString() {
        List<String> values = new ArrayList<>();
        for (Class<?> type = getClass(); type != Part.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    values.add(field.getName() + "=" + value(field));
                }
            }
        }
        return getClass().getSimpleName() + values;
    }

    private Object value(Field field) {
        try {
            return String.valueOf(field.get(this));
        } catch (IllegalAccessException e) {
            return "?";
        }
    }
}
