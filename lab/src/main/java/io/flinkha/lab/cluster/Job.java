package io.flinkha.lab.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The job that a cluster runs. Only the demo's own job leaves pulses and records that can be
 * counted.
 */
public record Job(List<Path> jars, String mainClass, List<String> arguments, boolean counted) {

    /** The demo's job; the lab's data directory is added to the arguments. */
    public static Job counting(Path jar, long records, int perSecond) {
        return new Job(
                List.of(jar),
                "io.flinkha.demo.CountJob",
                List.of("--records", Long.toString(records), "--rate", Integer.toString(perSecond)),
                true);
    }

    /** A job of the demo whose output is the state that it ends with. */
    public static Job digesting(Path jar, String... arguments) {
        return new Job(List.of(jar), "io.flinkha.demo.DigestJob", List.of(arguments), true);
    }

    /** The same job, told more. */
    public Job with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new Job(jars, mainClass, List.copyOf(all), counted);
    }

    /** The same, with other jars in usrlib. */
    public Job withJars(Path... others) {
        return new Job(List.of(others), mainClass, arguments, counted);
    }

    /** The same, named otherwise, or, if empty, by the manifest of its jar only. */
    public Job withMainClass(String other) {
        return new Job(jars, other, arguments, counted);
    }

    /** Somebody else's job. The demo's jar lies beside it and counts the runs of main(). */
    public static Job foreign(Path demoJar, Path jar, String mainClass, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(mainClass));
        all.addAll(arguments);
        return new Job(List.of(demoJar, jar), "io.flinkha.demo.RecordedMain", all, false);
    }

    List<String> argumentsIn(Path data) {
        List<String> all = new ArrayList<>();
        if (counted) {
            all.add("--dir");
        }
        all.add(data.toString());
        all.addAll(arguments);
        return all;
    }
}
