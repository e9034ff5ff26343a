package io.flinkha.lab.local;

import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS on the JobManager's REST endpoint, with one key that all have and trust. */
public final class RestTls {
    private static final String PASSWORD = "changeit";
    private static final String ENABLED = "security.ssl.rest.enabled";
    private static final String KEYSTORE = "security.ssl.rest.keystore";

    private RestTls() {}

    /**
     * Makes the key, and adds the settings.
     *
     * @param clientsToo whether who asks has to show it
     */
    public static ApplicationSpec on(ApplicationSpec spec, Path directory, boolean clientsToo) {
        Directories.create(directory);
        Path store = directory.resolve("rest.p12");
        if (!Files.exists(store)) {
            Program.run(
                    directory,
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "rest",
                    "-keyalg",
                    "RSA",
                    "-dname",
                    "CN=rest",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD);
        }
        return spec.withFlink(ENABLED, "true")
                .withFlink("security.ssl.rest.authentication-enabled", Boolean.toString(clientsToo))
                .withFlink(KEYSTORE, store.toString())
                .withFlink("security.ssl.rest.keystore-password", PASSWORD)
                .withFlink("security.ssl.rest.key-password", PASSWORD)
                .withFlink("security.ssl.rest.truststore", store.toString())
                .withFlink("security.ssl.rest.truststore-password", PASSWORD);
    }

    /** For whoever asks an endpoint with these settings; null where it has no TLS. */
    static @Nullable SSLContext context(Map<String, String> settings) {
        String place = settings.get(KEYSTORE);
        if (place == null || !"true".equals(settings.get(ENABLED))) {
            return null;
        }
        try (InputStream in = Files.newInputStream(Path.of(place))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            TrustManagerFactory trusted =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
