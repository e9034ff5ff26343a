package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.api.OddAnswers;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** An API server, or something in its place, that answers, and not what was asked for. */
final class FailsafeAnswers {
    private static final Duration LENGTH = Duration.ofSeconds(40);

    private FailsafeAnswers() {}

    private record Answer(String name, int status, String body) {}

    private static final List<Answer> ANSWERS =
            List.of(
                    new Answer("answer: 401", 401, "{\"kind\":\"Status\",\"code\":401}"),
                    new Answer("answer: 403", 403, "{\"kind\":\"Status\",\"code\":403}"),
                    new Answer("answer: 404", 404, "404 page not found"),
                    new Answer("answer: 429", 429, "{\"kind\":\"Status\",\"code\":429}"),
                    new Answer("answer: 500", 500, "etcdserver: leader changed"),
                    new Answer("answer: garbage", 200, "<html>Welcome</html>"),
                    new Answer("answer: other JSON", 200, "{}"),
                    new Answer("answer: none", 0, ""));

    /** Each is unknown, and none of them ends a leader that the storage holds. */
    static void run(Workbench bench, Report report, Predicate<String> only) {
        List<Answer> answers = ANSWERS.stream().filter(one -> only.test(one.name())).toList();
        if (answers.isEmpty()) {
            return;
        }
        String id = "failsafe-answers";
        try (LocalApplication application =
                bench.start(id, Failsafe.failsafe(bench.counting(Side.AGENT, id)))) {
            application.awaitSteady();
            for (Answer answer : answers) {
                Failsafe.awaitReady(application.pod());
                Row row = report.row(answer.name());
                BeforeFault before = BeforeFault.of(application);
                Console.event("--- " + answer.name());
                long from = System.currentTimeMillis();
                application.proxy().refuse();
                OddAnswers odd =
                        new OddAnswers(application.proxy().port(), answer.status(), answer.body());
                try {
                    Await.pass(LENGTH);
                } finally {
                    odd.close();
                }
                application.proxy().accept();
                Aftermath.of(application, before, from).awaitUndisturbed(row);
                var unused = report.keep();
            }
        }
    }
}
