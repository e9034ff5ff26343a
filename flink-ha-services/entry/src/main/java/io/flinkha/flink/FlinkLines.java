package io.flinkha.flink;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.util.FlinkException;

/** Which line this is: Flink itself says so. */
final class FlinkLines {
    private static final Map<String, String> PACKAGES = packages();

    private FlinkLines() {}

    /** The line of the Flink that this class was loaded into. */
    static FlinkLine here() throws FlinkException {
        String line =
                packageOf(
                        EnvironmentInformation.getVersion(),
                        System.getProperty("java.specification.version", "unknown"));
        try {
            return Class.forName(line + ".Line")
                    .asSubclass(FlinkLine.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new FlinkException("The flink-ha-services jar is not whole: no " + line, e);
        }
    }

    /** The package of that line's classes. */
    static String packageOf(String flink, String java) throws FlinkException {
        if (java.startsWith("1.")) {
            throw new FlinkException(
                    "flink-ha-agent needs Java 11 or newer in the JobManager, and this is Java "
                            + java
                            + ": take an image with Java 11 or 17, such as flink:1.20-java17.");
        }
        String[] numbers = flink.split("[.-]", 3);
        String minor = numbers.length > 1 ? numbers[0] + "." + numbers[1] : flink;
        String line = PACKAGES.get(minor);
        if (line == null) {
            throw new FlinkException(
                    "This flink-ha-agent is made for Flink "
                            + String.join(", ", PACKAGES.keySet())
                            + ", and its jar was found in the lib/ of Flink "
                            + flink
                            + ": take a flink-ha-agent that knows this line, or another Flink.");
        }
        return FlinkLines.class.getPackage().getName() + "." + line;
    }

    private static Map<String, String> packages() {
        Map<String, String> packages = new LinkedHashMap<>();
        packages.put("1.20", "v1_20");
        packages.put("2.0", "v2_0");
        packages.put("2.1", "v2_0");
        packages.put("2.2", "v2_0");
        packages.put("2.3", "v2_3");
        return Collections.unmodifiableMap(packages);
    }
}
