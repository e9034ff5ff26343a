package io.flinkha.lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir private Path directory;

    @Test
    void aReportWithoutRowsHasShownNothing() {
        assertFalse(new Report(directory.resolve("reports"), "x").held());
    }

    @Test
    void oneBrokenClaimBreaksTheReport() {
        Report report = new Report(directory.resolve("reports"), "x");
        report.row("a").claim("fine", true);
        assertTrue(report.held());
        report.row("b").claim("first", false).claim("second", false).claim("third", true);
        assertFalse(report.held());
    }

    @Test
    void rowsAreWrittenWithNameVerdictAndFigures() throws IOException {
        Report report = new Report(directory.resolve("reports"), "x");
        report.row("a")
                .figure("toRunningMillis", 12)
                .figure("restoredCheckpoint", null)
                .claim("too slow", false)
                .sentence("It took too long.");
        JsonNode rows = Json.read(Files.readString(report.keep()));
        JsonNode row = rows.get(0);
        assertEquals("a", row.path("name").asText());
        assertFalse(row.path("held").asBoolean(true));
        assertEquals(12, row.path("toRunningMillis").asInt());
        assertTrue(row.path("restoredCheckpoint").isNull());
        assertEquals("too slow", row.path("failedClaim").asText());
        assertEquals("It took too long.", row.path("sentence").asText());
        assertTrue(report.table().contains("NO"));
        assertTrue(report.table().contains("a:\n    It took too long.\n"), report.table());
    }

    @Test
    void manyRowsHaveALineEach() {
        Report report = new Report(directory.resolve("reports"), "x");
        for (int i = 0; i < 9; i++) {
            report.row("row " + i).figure("endState", "fine").claim("not row 3", i != 3);
        }
        List<String> lines = report.table().lines().filter(line -> !line.isBlank()).toList();
        assertEquals(10, lines.size());
        assertTrue(lines.get(4).contains("NO: not row 3"), lines.get(4));
    }
}
