package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the manifest as it lies in the storage: its JSON, and below it an HMAC-SHA256 of
 * cluster-id, name and JSON, by a key that only the manifest's ConfigMap has. Whoever may write to
 * the storage can neither make one, nor give one another name.
 */
public final class CopySeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String LINE = "\nhmac-sha256 ";

    private final String clusterId;
    private final Supplier<byte @Nullable []> key;

    /**
     * A seal of one cluster-id.
     *
     * @param key null while there is none: then copies are not sealed, and none is verified
     */
    public CopySeal(String clusterId, Supplier<byte @Nullable []> key) {
        this.clusterId = clusterId;
        this.key = key;
    }

    public boolean hasKey() {
        return key.get() != null;
    }

    public String seal(String name, String json) {
        byte[] by = key.get();
        return by == null ? json : json + LINE + hmac(by, name, json) + "\n";
    }

    /** The JSON of a copy, whoever sealed it. */
    public static String json(String copy) {
        int end = copy.indexOf(LINE);
        return end < 0 ? copy : copy.substring(0, end);
    }

    /** Whether somebody sealed it, by whichever key. */
    public static boolean isSealed(String copy) {
        return copy.contains(LINE);
    }

    /** The JSON, if this copy was sealed by this key under this name. */
    public Optional<String> verified(String name, String copy) {
        byte[] by = key.get();
        int end = copy.indexOf(LINE);
        if (by == null || end < 0) {
            return Optional.empty();
        }
        String json = copy.substring(0, end);
        byte[] found = copy.substring(end + LINE.length()).strip().getBytes(UTF_8);
        // In constant time: the store's owner could otherwise guess it byte by byte.
        return MessageDigest.isEqual(found, hmac(by, name, json).getBytes(UTF_8))
                ? Optional.of(json)
                : Optional.empty();
    }

    private String hmac(byte[] by, String name, String json) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(by, ALGORITHM));
            byte[] message = (clusterId + "\n" + name + "\n" + json).getBytes(UTF_8);
            return HexFormat.of().formatHex(mac.doFinal(message));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has " + ALGORITHM, e);
        }
    }
}
