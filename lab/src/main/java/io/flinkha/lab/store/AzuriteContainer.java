package io.flinkha.lab.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The request that makes a container, signed as Azure wants it. */
final class AzuriteContainer {
    static final String ACCOUNT = "devstoreaccount1";

    /** The same in every emulator, and no secret. */
    static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final String VERSION = "2021-08-06";

    private AzuriteContainer() {}

    static Map<String, String> headers(String container) {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        String toSign =
                "PUT"
                        + "\n".repeat(12)
                        + "x-ms-date:%s\nx-ms-version:%s\n".formatted(date, VERSION)
                        + "/%s/%s/%s\nrestype:container".formatted(ACCOUNT, ACCOUNT, container);
        return Map.of(
                "x-ms-date",
                date,
                "x-ms-version",
                VERSION,
                "Authorization",
                "SharedKey %s:%s".formatted(ACCOUNT, signature(toSign)));
    }

    private static String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), mac.getAlgorithm()));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
