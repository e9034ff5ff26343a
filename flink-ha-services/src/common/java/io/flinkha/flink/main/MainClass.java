package io.flinkha.flink.main;

import io.flinkha.flink.config.AgentOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.jspecify.annotations.Nullable;

/** The user's main class: the configured one, or else what one manifest of the job's jars names. */
final class MainClass {
    private MainClass() {}

    /**
     * @param userCode the class loader that sees the job's jars before those of Flink
     */
    static String of(String configured, ClassLoader userCode) throws IOException {
        if (!configured.isEmpty()) {
            return configured;
        }
        Map<String, String> named = new LinkedHashMap<>();
        for (URL manifest : manifestsOfTheJob(userCode)) {
            String name = name(manifest);
            if (name != null) {
                named.put(name, manifest.toString());
            }
        }
        if (named.size() != 1) {
            throw new IllegalConfigurationException(
                    AgentOptions.JOB_CLASS.key()
                            + " is not set, and "
                            + (named.isEmpty()
                                    ? "no jar of the job names a main class in its manifest"
                                    : "more than one jar of the job names a main class: " + named)
                            + ": set it to the job's main class.");
        }
        return named.keySet().iterator().next();
    }

    private static List<URL> manifestsOfTheJob(ClassLoader userCode) throws IOException {
        List<URL> manifests = Collections.list(userCode.getResources(JarFile.MANIFEST_NAME));
        ClassLoader flink = userCode.getParent();
        if (flink != null) {
            manifests.removeAll(Collections.list(flink.getResources(JarFile.MANIFEST_NAME)));
        }
        return manifests;
    }

    /** In the order in which Flink asks. */
    private static @Nullable String name(URL manifest) throws IOException {
        try (InputStream in = manifest.openStream()) {
            Attributes attributes = new Manifest(in).getMainAttributes();
            String program = attributes.getValue("program-class");
            return program == null ? attributes.getValue(Attributes.Name.MAIN_CLASS) : program;
        }
    }
}
