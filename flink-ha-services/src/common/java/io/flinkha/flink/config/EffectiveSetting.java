package io.flinkha.flink.config;

/** One setting as Flink uses it, and who gave it. */
public final class EffectiveSetting {
    private final String name;
    private final String value;
    private final String source;

    public EffectiveSetting(String name, String value, String source) {
        this.name = name;
        this.value = value;
        this.source = source;
    }

    /** Hadoop took passwords in a URI once, and a signature is a query. */
    static String withoutSecrets(String uri) {
        return uri.replaceAll("//[^/@]*:[^/@]*@", "//***@").replaceAll("\\?.*", "?***");
    }

    public String name() {
        return name;
    }

    String value() {
        return value;
    }

    /** Fit to be logged and sent. */
    public String shown() {
        return withoutSecrets(value);
    }

    public String source() {
        return source;
    }

    @Override
    public String toString() {
        return name + ": " + shown() + " (" + source + ")";
    }
}
