package io.flinkha.agent.simulation;

import io.flinkha.agent.core.State;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** A state with one thing changed, for mutants. */
final class States {
    private States() {}

    /** {@code path} leads to the component, as in {@code "lease.record"}. */
    static State with(State state, String path, @Nullable Object value) {
        return (State) replaced(state, path, value);
    }

    private static Object replaced(Object record, String path, @Nullable Object value) {
        int dot = path.indexOf('.');
        String name = dot < 0 ? path : path.substring(0, dot);
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                Object old = components[i].getAccessor().invoke(record);
                values[i] = old;
                if (components[i].getName().equals(name)) {
                    found = true;
                    values[i] =
                            dot < 0 || old == null
                                    ? value
                                    : replaced(old, path.substring(dot + 1), value);
                }
            }
            if (!found) {
                throw new IllegalArgumentException("%s has no %s".formatted(record, name));
            }
            return record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
