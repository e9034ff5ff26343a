package io.flinkha.lab.experiment.operations;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.ProcessMemory;
import io.flinkha.lab.measure.ProcessTime;
import io.flinkha.lab.measure.Scrape;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the agent beside a running job takes, alone and while Prometheus scrapes it. */
public final class ScrapeCost implements LocalExperiment {
    private static final Duration WINDOW = Duration.ofMinutes(4);
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    /** What starts take is no cost of a scrape: the first ones load classes. */
    private static final Duration WARM_UP = Duration.ofMinutes(2);

    private static final double MOST_MILLICORES = 10;
    private static final long MOST_MEBIBYTES = 8;

    private record Cost(double millicores, ProcessMemory memory) {}

    @Override
    public String name() {
        return "scrape-cost";
    }

    @Override
    public void run(Workbench bench, Report report) {
        try (LocalApplication application =
                bench.start("scrape-cost", bench.counting(Side.AGENT, "scrape-cost"))) {
            application.awaitSteady();
            Console.event("=== warming up for %d s".formatted(WARM_UP.toSeconds()));
            Await.pass(WARM_UP);
            Console.event("=== nobody asks");
            Cost alone = measured(application, () -> Await.pass(WINDOW));
            row(report.row("not scraped"), alone);
            Console.event("=== a scrape every %d s".formatted(INTERVAL.toSeconds()));
            List<Scrape> scrapes = new ArrayList<>();
            Cost scraped = measured(application, () -> scrape(application, scrapes));
            Scrape last = scrapes.getLast();
            row(report.row("scraped every 15 s"), scraped)
                    .figure("scrapes", scrapes.size())
                    .millis("longestScrapeMillis", longest(scrapes))
                    .figure("bytesPerScrape", last.text().length())
                    .figure("series", last.series())
                    .claim(
                            "at most %.0f thousandths of a core more".formatted(MOST_MILLICORES),
                            scraped.millicores() - alone.millicores() <= MOST_MILLICORES)
                    .claim(
                            "at most %d MiB more".formatted(MOST_MEBIBYTES),
                            scraped.memory().all() - alone.memory().all() <= MOST_MEBIBYTES);
        }
    }

    private static Cost measured(LocalApplication application, Runnable meanwhile) {
        long pid = application.pod().agent().current().pid();
        ProcessTime time = ProcessTime.from(pid);
        meanwhile.run();
        return new Cost(time.millicores(), ProcessMemory.of(pid));
    }

    private static void scrape(LocalApplication application, List<Scrape> into) {
        for (long i = 0; i < WINDOW.dividedBy(INTERVAL); i++) {
            into.add(Scrape.of(application.pod().managementPort(), Scrape.OPEN_METRICS));
            Await.pass(INTERVAL);
        }
    }

    private static Row row(Row row, Cost cost) {
        return row.figure("windowSeconds", WINDOW.toSeconds())
                .figure("cpuMillicores", cost.millicores())
                .figure("rssMiB", cost.memory().all())
                .figure("anonMiB", cost.memory().anonymous());
    }

    private static long longest(List<Scrape> scrapes) {
        return scrapes.stream().mapToLong(Scrape::nanos).max().orElse(0);
    }
}
