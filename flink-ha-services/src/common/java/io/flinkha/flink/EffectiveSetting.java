package io.flinkha.flink;

/** One setting as Flink uses it, and who gave it. */
final class EffectiveSetting {
    private final String name;
    private final String value;
    private final String source;

    EffectiveSetting(String name, String value, String source) {
        this.name = name;
        this.value = value;
        this.source = source;
    }

    /** Hadoop took passwords in a URI once, and a signature is a query. */
    static String withoutSecrets(String uri) {
        return uri.replaceAll("//[^/@]*:[^/@]*@", "//***@").replaceAll("\\?.*", "?***");
    }

    String name() {
        return name;
    }

    String value() {
        return value;
    }

    /** Fit to be logged and sent. */
    String shown() {
        return withoutSecrets(value);
    }

    String source() {
        return source;
    }

    @Override
    public String toString() {
        return name + ": " + shown() + " (" + source + ")";
    }
}
