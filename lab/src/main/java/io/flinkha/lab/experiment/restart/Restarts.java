package io.flinkha.lab.experiment.restart;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.experiment.Experiment;
import io.flinkha.lab.experiment.cluster.Kills;
import io.flinkha.lab.experiment.cluster.Scenario;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import java.util.List;
import java.util.function.Predicate;

/** In place, at once: each end of a JobManager under its supervisor, and those that hang. */
public record Restarts(Predicate<String> only) implements Experiment {
    private static final String TLS = "rest-tls";

    private static final List<Scenario> ALL =
            List.of(
                    new Scenario("kills", true, 1, RestartsInPlace::kills),
                    new Scenario("container-killed", true, 1, RestartsInPlace::container),
                    new Scenario("out-of-memory", true, 1, Kills::outOfMemory),
                    new Scenario("frozen", true, 1, Hangs::frozen),
                    new Scenario("frozen-for-a-while", true, 1, Hangs::frozenForAWhile),
                    new Scenario("main-thread", true, 1, Hangs::mainThread),
                    new Scenario("no-progress", true, 1, Hangs::noProgress),
                    new Scenario("no-progress-restart", true, 1, Hangs::noProgressRestarts),
                    new Scenario("exit-0-after", true, 1, Exits::zeroAfterSubmission),
                    new Scenario("exit-1-after", true, 1, Exits::oneAfterSubmission),
                    new Scenario("exit-0-before", true, 1, Exits::zeroBeforeSubmission),
                    new Scenario("exit-1-before", true, 1, Exits::oneBeforeSubmission),
                    new Scenario("tee", true, 1, Exits::wrapperHidesTheCode),
                    new Scenario("forever", true, 1, Exits::mainDoesNotReturn));

    @Override
    public String name() {
        return "restarts";
    }

    /** REST with TLS on processes of this machine, the others on the cluster. */
    @Override
    public void run(Project project, Report report) {
        if (only.test(TLS)) {
            try (Workbench bench = Workbench.open(project, TLS)) {
                RestWithTls.run(bench, report);
            }
        }
        Scenario.run(project, report, only, ALL);
    }
}
