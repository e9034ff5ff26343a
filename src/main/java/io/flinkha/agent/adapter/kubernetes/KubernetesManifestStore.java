package io.flinkha.agent.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.port.ManifestStore;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The manifest as a ConfigMap without an owner reference: it outlives the Kubernetes Job. */
public final class KubernetesManifestStore implements ManifestStore {
    static final String KEY = "manifest.json";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String clusterId;

    /**
     * What was last read or written, so that fields of a newer agent and foreign labels are kept.
     */
    private volatile @Nullable ConfigMap last;

    public KubernetesManifestStore(KubernetesClient client, String namespace, String clusterId) {
        this.client = client;
        this.namespace = namespace;
        this.clusterId = clusterId;
        this.name = ObjectNames.manifest(clusterId);
    }

    @Override
    public Result<ManifestView> read() {
        return ApiCall.of(() -> {
            ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
            last = found;
            return found == null ? new ManifestView.Absent() : view(found);
        });
    }

    private static ManifestView view(ConfigMap found) {
        String version = found.getMetadata().getResourceVersion();
        String json = data(found).get(KEY);
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
        ConfigMap known = last;
        JsonObject base = known == null ? new JsonObject() : decodable(known);
        return ManifestCodec.encode(manifest, base).encode();
    }

    private Result<String> put(Manifest manifest, @Nullable String version) {
        return ApiCall.of(() -> {
            ConfigMap known = last;
            boolean sameObject =
                    known != null && known.getMetadata().getResourceVersion().equals(version);
            JsonObject base = sameObject && known != null ? decodable(known) : new JsonObject();
            ConfigMapBuilder builder =
                    sameObject && known != null
                            ? new ConfigMapBuilder(known)
                            : new ConfigMapBuilder();
            return put(builder, ManifestCodec.encode(manifest, base).encode(), version);
        });
    }

    /** The text as it is; {@code version} null creates it. */
    Result<String> writeText(String json, @Nullable String version) {
        return ApiCall.of(() -> put(new ConfigMapBuilder(), json, version));
    }

    private String put(ConfigMapBuilder builder, String json, @Nullable String version) {
        ConfigMap next =
                builder.editOrNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .withResourceVersion(version)
                        .addToLabels("app.kubernetes.io/part-of", "flink-ha-agent")
                        .addToLabels("app.kubernetes.io/instance", clusterId)
                        .endMetadata()
                        .addToData(KEY, json)
                        .build();
        Resource<ConfigMap> resource = client.configMaps().inNamespace(namespace).resource(next);
        ConfigMap written = version == null ? resource.create() : resource.update();
        last = written;
        return written.getMetadata().getResourceVersion();
    }

    private static JsonObject decodable(ConfigMap known) {
        String json = data(known).get(KEY);
        return view(known) instanceof ManifestView.Present && json != null
                ? new JsonObject(json)
                : new JsonObject();
    }

    private static Map<String, String> data(ConfigMap map) {
        return Optional.ofNullable(map.getData()).orElse(Map.of());
    }
}
