package io.flinkha.agent.core.manifest;

/** What a read of the manifest found. */
public sealed interface ManifestView {
    record Absent() implements ManifestView {}

    /** {@code version} is the resourceVersion, which the next write must name. */
    record Present(Manifest manifest, String version) implements ManifestView {}

    /** There is an object, but it is not a manifest. */
    record Garbled(String reason, String version) implements ManifestView {}

    /** A newer agent wrote it, in a format that this one does not know: it may be in use. */
    record Newer(String reason, String version) implements ManifestView {}
}
