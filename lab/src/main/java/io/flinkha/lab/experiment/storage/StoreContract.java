package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import io.flinkha.lab.store.Store;
import io.flinkha.lab.store.StoreServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The agent's one contract of stores, on each of them. */
final class StoreContract {
    private static final String TEST = "BlobStoreContractTest";

    /** As the test has them, before those that it is given. */
    private static final List<String> OWN = List.of("fake", "directory", "s3proxy");

    private StoreContract() {}

    static void run(Workbench bench, StoreServers servers, Report report) {
        Console.event("=== the contract, on every store");
        Path results =
                bench.project()
                        .target()
                        .resolve(
                                "surefire-reports/TEST-io.flinkha.agent.contract.%s.xml"
                                        .formatted(TEST));
        test(bench, servers.running(), results);
        List<String> names = new ArrayList<>(OWN);
        servers.running().forEach(store -> names.add(store.name()));
        NodeList cases = cases(results);
        for (int i = 0; i < names.size(); i++) {
            count(cases, i + 1, report.row(names.get(i)));
        }
        servers.missing()
                .forEach((name, reason) ->
                        report.row(name)
                                .figure("contractTests", "not run")
                                .figure("contractFailed", "not run")
                                .sentence(reason)
                                .claim(reason, false));
    }

    private static void test(Workbench bench, List<Store> stores, Path results) {
        Map<String, String> environment = new HashMap<>();
        stores.forEach(store -> environment.putAll(store.environment()));
        environment.put(
                "FLINK_HA_TEST_STORES",
                stores.stream()
                        .map(store -> String.join(" ", store.name(), store.uri(), store.endpoint()))
                        .collect(Collectors.joining("\n")));
        try {
            Files.deleteIfExists(results);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Child maven =
                bench.start(
                        "contract",
                        List.of("mvn", "-B", "surefire:test", "-Dtest=" + TEST),
                        environment,
                        bench.project().root());
        Await.until(TEST, Duration.ofMinutes(10), () -> maven.over().isPresent());
    }

    private static NodeList cases(Path results) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(results.toFile())
                    .getElementsByTagName("testcase");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Surefire names a store by its place among the test's arguments only. */
    private static void count(NodeList cases, int place, Row row) {
        int tests = 0;
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            if (test.getAttribute("name").endsWith("[" + place + "]")) {
                tests++;
                if (test.getElementsByTagName("failure").getLength() > 0
                        || test.getElementsByTagName("error").getLength() > 0) {
                    failed.add(test.getAttribute("name"));
                }
            }
        }
        row.figure("contractTests", tests)
                .figure("contractFailed", failed.size())
                .sentence(String.join(", ", failed))
                .claim("the contract was run", tests > 0)
                .claim("no test failed", failed.isEmpty());
    }
}
