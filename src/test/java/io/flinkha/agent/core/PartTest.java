package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartTest {

    /** The log of an agent that breaks down has to say all that it knew. */
    @Test
    void eachFieldStandsInTheTextOfItsPart() throws IllegalAccessException {
        State state = State.initial();
        List<Part> parts = new ArrayList<>(List.of(state));
        for (Field field : fields(State.class)) {
            if (field.get(state) instanceof Part part) {
                parts.add(part);
            }
        }
        List<String> missing = new ArrayList<>();
        for (Part part : parts) {
            for (Class<?> type = part.getClass(); type != Part.class; type = type.getSuperclass()) {
                for (Field field : fields(type)) {
                    if (!part.toString().contains(field.getName() + "=")) {
                        missing.add(part.getClass().getSimpleName() + "." + field.getName());
                    }
                }
            }
        }
        assertEquals(11, parts.size());
        assertEquals(List.of(), missing);
    }

    /** Without what a tool that measures coverage adds. */
    private static List<Field> fields(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .toList();
    }
}
