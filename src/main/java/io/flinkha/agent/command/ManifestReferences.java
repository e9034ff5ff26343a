package io.flinkha.agent.command;

import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.Run;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a manifest names, for people. */
final class ManifestReferences {
    private ManifestReferences() {}

    /** Checkpoints and savepoints, of the current run and of earlier ones, newest first. */
    static Set<String> states(Manifest manifest) {
        Set<String> states = new LinkedHashSet<>();
        Restorable newest = manifest.newest();
        if (newest != null) {
            states.add(newest.path());
        }
        manifest.checkpoints().reversed().stream().map(Checkpoint::path).forEach(states::add);
        if (manifest.savepoint() != null) {
            states.add(manifest.savepoint().path());
        }
        if (manifest.restoredFrom() != null) {
            states.add(manifest.restoredFrom().path());
        }
        manifest.earlierRuns().reversed().stream().map(EarlierRun::path).forEach(states::add);
        states.remove("");
        return states;
    }

    /** The sha256 of each plan. */
    static Set<String> plans(Manifest manifest) {
        Set<String> plans = new HashSet<>();
        PlanRef plan = manifest.plan();
        if (plan != null) {
            plans.add(plan.sha256());
        }
        manifest.earlierRuns().stream().map(EarlierRun::plan).forEach(plans::add);
        plans.remove("");
        return plans;
    }

    /** Earlier runs of which more than the last state lies there. */
    static List<String> unswept(Manifest manifest) {
        return manifest.earlierRuns().stream()
                .filter(run -> !run.swept())
                .map(run -> run.jobId() + (!run.isKept() ? "" : " but for " + run.path()))
                .toList();
    }

    static String job(Run run) {
        return "%s %s".formatted(run.jobId(), run.jobName()).strip();
    }
}
