package io.flinkha.lab.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The job that a cluster runs. Only the demo's own job leaves pulses and records that can be
 * counted.
 */
public record FlinkJob(List<Path> jars, String mainClass, List<String> arguments, boolean counted) {

    /** The demo's job; the lab's data directory is added to the arguments. */
    public static FlinkJob counting(Path jar, long records, int perSecond) {
        return new FlinkJob(
                List.of(jar),
                "io.flinkha.demo.CountJob",
                List.of("--records", Long.toString(records), "--rate", Integer.toString(perSecond)),
                true);
    }

    /** A job of the demo whose output is the state that it ends with. */
    public static FlinkJob digesting(Path jar, String... arguments) {
        return new FlinkJob(List.of(jar), "io.flinkha.demo.DigestJob", List.of(arguments), true);
    }

    /** The same job, told more. */
    public FlinkJob with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new FlinkJob(jars, mainClass, List.copyOf(all), counted);
    }

    /** The same, with other jars in usrlib. */
    public FlinkJob withJars(Path... others) {
        return new FlinkJob(List.of(others), mainClass, arguments, counted);
    }

    /** The same, named otherwise, or, if empty, by the manifest of its jar only. */
    public FlinkJob withMainClass(String other) {
        return new FlinkJob(jars, other, arguments, counted);
    }

    /** Somebody else's job. The demo's jar lies beside it and counts the runs of main(). */
    public static FlinkJob foreign(
            Path demoJar, Path jar, String mainClass, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(mainClass));
        all.addAll(arguments);
        return new FlinkJob(List.of(demoJar, jar), "io.flinkha.demo.RecordedMain", all, false);
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
