package io.flinkha.flink.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainClassTest {
    @TempDir Path directory;

    private Path jar(String name, String attribute, String value) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name(attribute), value);
        Path jar = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream written = new JarOutputStream(out, manifest)) {
            written.finish();
        }
        return jar;
    }

    private static String find(String configured, Path flink, Path... job) throws Exception {
        try (URLClassLoader lib = new URLClassLoader(new URL[] {url(flink)}, null);
                URLClassLoader userCode = new URLClassLoader(urls(job), lib)) {
            return MainClass.of(configured, userCode);
        }
    }

    private static URL[] urls(Path... jars) throws Exception {
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = url(jars[i]);
        }
        return urls;
    }

    private static URL url(Path jar) throws Exception {
        return jar.toUri().toURL();
    }

    @Test
    void theSettingWins() throws Exception {
        Path job = jar("job.jar", "Main-Class", "org.example.Other");
        assertEquals("org.example.Job", find("org.example.Job", job, job));
    }

    @Test
    void aManifestOfTheJobNamesIt() throws Exception {
        Path flink = jar("flink-dist.jar", "Main-Class", "org.apache.flink.Cli");
        Path library = jar("library.jar", "Implementation-Title", "library");
        assertEquals(
                "org.example.Job",
                find("", flink, library, jar("job.jar", "Main-Class", "org.example.Job")));
        assertEquals(
                "org.example.Program",
                find("", flink, jar("old.jar", "program-class", "org.example.Program")));
    }

    @Test
    void noneOrTwoAreRefusedWithWhatToDo() throws Exception {
        Path flink = jar("flink-dist.jar", "Main-Class", "org.apache.flink.Cli");
        Exception none = assertThrows(IllegalConfigurationException.class, () -> find("", flink));
        assertTrue(String.valueOf(none.getMessage()).contains("flink-ha.job.class is not set"));
        Path a = jar("a.jar", "Main-Class", "org.example.A");
        Path b = jar("b.jar", "Main-Class", "org.example.B");
        Exception two =
                assertThrows(IllegalConfigurationException.class, () -> find("", flink, a, b));
        assertTrue(String.valueOf(two.getMessage()).contains("org.example.B"));
    }
}
