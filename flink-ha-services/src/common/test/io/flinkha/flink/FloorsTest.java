package io.flinkha.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may use whom among the rooms, and who speaks with the agent. */
class FloorsTest {
    private static final String ROOT = "io.flinkha.flink";
    private static final List<String> FLOORS = floors();
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ROOT);

    /** Lowest first. */
    private static List<String> floors() {
        try {
            return Files.readAllLines(Paths.get("../floors.txt")).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Test
    void theRoomsAreThoseOnTheFloors() {
        Set<String> rooms =
                CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(FLOORS), rooms);
    }

    /** So there is no circle, either. */
    @Test
    void eachRoomUsesOnlyThoseBelowIt() {
        Set<String> up = new TreeSet<>();
        for (JavaClass user : CLASSES) {
            for (Dependency arrow : user.getDirectDependenciesFromSelf()) {
                JavaClass used = arrow.getTargetClass().getBaseComponentType();
                if (floor(used) > floor(user)) {
                    up.add(user.getName() + " -> " + used.getName());
                }
            }
        }
        assertEquals(Set.of(), up);
    }

    /** Flink's own classes and the JDK's lie below the ground. */
    private static int floor(JavaClass type) {
        return FLOORS.indexOf(type.getPackageName());
    }

    /** A path of the protocol is a constant in the class file of whoever names one. */
    @Test
    void onlyTheAgentNamesPathsOfTheProtocol() throws IOException {
        Set<String> naming = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (constants(type).contains("/v1/")) {
                naming.add(type.getName());
            }
        }
        assertEquals(Set.of(ROOT + ".agent.Agent"), naming);
    }

    private static String constants(JavaClass type) throws IOException {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = FloorsTest.class.getResourceAsStream(file)) {
            assertTrue(in != null, file);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            in.transferTo(bytes);
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
