package io.flinkha.agent.adapter.kubernetes;

import io.flinkha.agent.adapter.kubernetes.ApiServer.Kind;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.port.ManifestStore;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The manifest as a ConfigMap without an owner reference: it outlives the Kubernetes Job. */
public final class KubernetesManifestStore implements ManifestStore {
    static final String KEY = "manifest.json";

    /** TaskManagers read another ConfigMap, and no copy in the storage has it. */
    private static final String COPY_KEY = "copy.key";

    private static final int COPY_KEY_BYTES = 32;
    private static final String DATA = "data";

    private final ApiServer.Resources configMaps;
    private final String name;
    private final String clusterId;

    /**
     * What was last read or written, so that fields of a newer agent and foreign labels are kept.
     */
    private volatile @Nullable ApiObject last;

    /** In hex, as last seen; a ConfigMap that is made anew gets it again. */
    private volatile @Nullable String copyKey;

    public KubernetesManifestStore(ApiServer server, String namespace, String clusterId) {
        this.configMaps = server.resources(Kind.CONFIG_MAP, namespace);
        this.clusterId = clusterId;
        this.name = ObjectNames.manifest(clusterId);
    }

    @Override
    public Result<ManifestView> read() {
        return ApiCall.of(() -> {
            Optional<ApiObject> found = configMaps.get(name);
            last = found.orElse(null);
            found.map(map -> map.part(DATA).getString(COPY_KEY)).ifPresent(key -> copyKey = key);
            return found.map(KubernetesManifestStore::view).orElseGet(ManifestView.Absent::new);
        });
    }

    private static ManifestView view(ApiObject found) {
        String version = found.version();
        String json = text(found);
        if (json == null) {
            return new ManifestView.Garbled("there is no key " + KEY, version);
        }
        try {
            return new ManifestView.Present(decode(json), version);
        } catch (ManifestCodec.NewerFormatException e) {
            return new ManifestView.Newer(String.valueOf(e.getMessage()), version);
        } catch (IllegalArgumentException e) {
            return new ManifestView.Garbled(String.valueOf(e.getMessage()), version);
        }
    }

    /** An exception says in one line why this text is no manifest. */
    public static Manifest decode(String json) {
        try {
            return ManifestCodec.decode(new JsonObject(json));
        } catch (ManifestCodec.NewerFormatException e) {
            throw e;
        } catch (RuntimeException e) {
            // A parser goes on with where in the text, which is no part of a sentence.
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException(why, e);
        }
    }

    @Override
    public Result<String> createEmpty() {
        return put(Manifest.EMPTY, null);
    }

    @Override
    public Result<String> write(Manifest manifest, String version) {
        return put(manifest, version);
    }

    /** As it stands in the ConfigMap, fields of a newer agent included. */
    public String json(Manifest manifest) {
        ApiObject known = last;
        JsonObject base = known == null ? new JsonObject() : decodable(known);
        return ManifestCodec.encode(manifest, base).encode();
    }

    /** What copies of the manifest are sealed with; null while there is none. */
    public byte @Nullable [] copyKey() {
        String hex = copyKey;
        try {
            return hex == null ? null : HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private Result<String> put(Manifest manifest, @Nullable String version) {
        return ApiCall.of(() -> {
            ApiObject known = last;
            if (known == null || !known.version().equals(version)) {
                known = ApiObject.named(name);
            }
            String json = ManifestCodec.encode(manifest, decodable(known)).encode();
            ApiObject next = known.copy();
            if (manifest.holdSeconds() > 0 && copyKey() == null) {
                byte[] key = new byte[COPY_KEY_BYTES];
                new SecureRandom().nextBytes(key);
                copyKey = HexFormat.of().formatHex(key);
            }
            if (copyKey != null) {
                next.edit(DATA).put(COPY_KEY, copyKey);
            }
            return put(next, json, version);
        });
    }

    /** The text as it is; {@code version} null creates it. */
    Result<String> writeText(String json, @Nullable String version) {
        return ApiCall.of(() -> put(ApiObject.named(name), json, version));
    }

    private String put(ApiObject next, String json, @Nullable String version) {
        next.label("app.kubernetes.io/part-of", "flink-ha-agent")
                .label("app.kubernetes.io/instance", clusterId)
                .edit(DATA)
                .put(KEY, json);
        ApiObject written =
                version == null
                        ? configMaps.create(next)
                        : configMaps.replace(next.ofVersion(version));
        last = written;
        return written.version();
    }

    private static JsonObject decodable(ApiObject known) {
        String json = text(known);
        return json != null && view(known) instanceof ManifestView.Present
                ? new JsonObject(json)
                : new JsonObject();
    }

    private static @Nullable String text(ApiObject map) {
        return map.part(DATA).getString(KEY);
    }
}
