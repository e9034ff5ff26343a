package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesJobController;
import io.flinkha.agent.core.restart.JobView;

/** Takes the application off the cluster, and back: its Kubernetes Job is suspended or resumed. */
final class Suspension {
    private final CommandTarget target;

    Suspension(CommandTarget target) {
        this.target = target;
    }

    void park() throws RefusedException {
        String name = target.jobName();
        JobView job = running(name);
        if (job.suspended()) {
            target.say("Job %s is parked already.".formatted(name));
            return;
        }
        ok("Suspending the Job", target.objects().job(name).suspend(true, job));
        target.say(
                "Job %s is suspended: its pod ends, and nothing runs until flink-ha-agent resume. What it goes on from then is its latest state."
                        .formatted(name));
    }

    /** Returns whether it was parked. */
    boolean resume() throws RefusedException {
        String name = target.jobName();
        JobView job = running(name);
        if (job.suspended() && !job.shownSuspended()) {
            // Resumed before, it would be taken for a signal that was lost, and suspended again.
            throw new RefusedException(
                    "Job %s is being suspended: call again once kubectl get job shows it as Suspended."
                            .formatted(name));
        }
        if (job.suspended()) {
            ok("Resuming the Job", target.objects().job(name).suspend(false, job));
            target.say("Job %s is resumed: it goes on from its latest state.".formatted(name));
        }
        return job.suspended();
    }

    private JobView running(String name) throws RefusedException {
        KubernetesJobController jobs = target.objects().job(name);
        JobView job =
                ok("Reading the Job", jobs.read())
                        .orElseThrow(() ->
                                new RefusedException(
                                        "There is no Job %s in namespace %s: name it with --job."
                                                .formatted(name, target.objects().namespace())));
        if (job.over() || job.deleting()) {
            throw new RefusedException(
                    "Job %s is over or being deleted: a new Job goes on from the latest state."
                            .formatted(name));
        }
        return job;
    }
}
