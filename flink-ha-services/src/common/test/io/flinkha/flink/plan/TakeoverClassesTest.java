package io.flinkha.flink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakeoverClassesTest {
    private final List<String> asked = new ArrayList<>();

    /** What is missing is passed over in silence, so that a new line of Flink has to be told of. */
    @Test
    void areAllThere() {
        List<String> missing = new ArrayList<>();
        TakeoverClasses.load(
                new ClassLoader(getClass().getClassLoader()) {
                    @Override
                    public Class<?> loadClass(String name) throws ClassNotFoundException {
                        asked.add(name);
                        try {
                            return super.loadClass(name);
                        } catch (ClassNotFoundException e) {
                            missing.add(name);
                            throw e;
                        }
                    }
                },
                () -> false);
        assertEquals(List.of(), missing);
        assertEquals(TakeoverClasses.NAMES.size(), asked.size());
    }

    @Test
    void areLeftToFlinkOnceItLeads() {
        TakeoverClasses.load(
                new ClassLoader(getClass().getClassLoader()) {
                    @Override
                    public Class<?> loadClass(String name) throws ClassNotFoundException {
                        asked.add(name);
                        return super.loadClass(name);
                    }
                },
                () -> asked.size() == 3);
        assertEquals(3, asked.size());
    }
}
