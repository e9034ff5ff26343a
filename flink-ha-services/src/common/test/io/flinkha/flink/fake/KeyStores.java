package io.flinkha.flink.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.SecurityOptions;

/** Keys with certificates that nobody but themselves has signed, made by the JDK's keytool. */
public final class KeyStores {
    private static final String PASSWORD = "changeit";

    private KeyStores() {}

    /** A key for this host, in a file that is good as a truststore, too. */
    public static Path keyOfThisHost(Path directory, String name)
            throws IOException, InterruptedException {
        Path store = directory.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Paths.get(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                "RSA",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=dns:localhost,ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
        return store;
    }

    /** A REST endpoint, or a client of it, with that key, trusting whoever has that other one. */
    public static Configuration tls(Path key, Path trusted, boolean clientsShowTheirs) {
        Configuration tls = new Configuration();
        tls.set(SecurityOptions.SSL_REST_ENABLED, true);
        tls.set(SecurityOptions.SSL_REST_AUTHENTICATION_ENABLED, clientsShowTheirs);
        tls.set(SecurityOptions.SSL_REST_KEYSTORE, key.toString());
        tls.set(SecurityOptions.SSL_REST_KEYSTORE_PASSWORD, PASSWORD);
        tls.set(SecurityOptions.SSL_REST_KEY_PASSWORD, PASSWORD);
        tls.set(SecurityOptions.SSL_REST_TRUSTSTORE, trusted.toString());
        tls.set(SecurityOptions.SSL_REST_TRUSTSTORE_PASSWORD, PASSWORD);
        return tls;
    }
}
