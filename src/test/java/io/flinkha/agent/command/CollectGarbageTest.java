package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectGarbageTest extends CommandBench {
    private static final String CURRENT = "1".repeat(64);
    private static final String RETIRED = "2".repeat(64);

    private final List<String> kept =
            List.of(
                    "manifests/.incoming-new",
                    "manifests/0000000002-000000000001.json",
                    "manifests/0000000002-000000000002.json",
                    "manifests/0000000002-000000000003.json",
                    "plans/.incoming-new",
                    "plans/" + CURRENT,
                    "plans/" + RETIRED,
                    "plans/" + "4".repeat(64),
                    "plans/readme.txt");
    private final List<String> unnamed =
            List.of(
                    "manifests/.incoming-old",
                    "manifests/0000000001-000000000009.json",
                    "plans/.incoming-old",
                    "plans/" + "3".repeat(64));

    private static JsonObject manifest() {
        return withRun(2)
                .put("plan", new JsonObject().put("sha256", CURRENT).put("bytes", 4))
                .put(
                        "retired",
                        new JsonArray()
                                .add(retired("b", "", "", true))
                                .add(retired("c", "file:/old/chk-9", RETIRED, false)));
    }

    private static JsonObject retired(String job, String path, String plan, boolean swept) {
        return new JsonObject()
                .put("jobId", job.repeat(32))
                .put("path", path)
                .put("plan", plan)
                .put("swept", swept);
    }

    @BeforeEach
    void aStorageInUse() throws IOException {
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        for (String name : kept) {
            Path file = file(name, "");
            if (!name.contains("new") && !name.contains("4")) {
                Files.setLastModifiedTime(file, longAgo);
            }
        }
        for (String name : unnamed) {
            Files.setLastModifiedTime(file(name, ""), longAgo);
        }
    }

    /** File names, as the command printed them below its first line. */
    private List<String> listed(Ran ran) {
        String root = storage.resolve(NAMESPACE).resolve(ID) + "/";
        return ran.out()
                .lines()
                .filter(line -> line.startsWith("  " + root))
                .map(line -> line.substring(root.length() + 2))
                .sorted()
                .toList();
    }

    @Test
    void aDryRunListsExactlyWhatGoes() {
        store(manifest().encode());
        List<String> before = files();
        Ran dry = run("gc", "--dry-run");
        assertDone(dry);
        assertEquals(unnamed, listed(dry));
        assertEquals(before, files());

        Ran ran = run("gc");
        assertDone(ran);
        assertEquals(unnamed, listed(ran));
        assertEquals(kept, files());
    }

    @Test
    void tellsWhatTheJobManagerWillSweep() {
        store(manifest().encode());
        Ran ran = run("gc", "--dry-run");
        assertTrue(ran.out().contains("c".repeat(32) + " but for file:/old/chk-9"), ran.out());
        assertTrue(!ran.out().contains("b".repeat(32)), ran.out());
    }

    @Test
    void withoutAManifestNothingGoes() {
        List<String> before = files();
        assertRefused(run("gc"), "is not there", MANIFEST);
        store("{\"version\":1}");
        assertRefused(run("gc"), "cannot be read", "'epoch' is missing");
        assertEquals(before, files());
    }
}
