package io.flinkha.flink.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.api.Test;

/** The JobManager's table of docs/CONFIGURATION.md is made of the options, as the agent's is. */
class OptionsDocumentTest {
    private static final Path DOCUMENT = Paths.get("../../docs/CONFIGURATION.md");
    private static final String HEAD =
            "| key in Flink's configuration | default | may be | meaning |\n|---|---|---|---|\n";

    @Test
    void theDocumentHasTheOptionsAsTheyAre() throws Exception {
        String before = new String(Files.readAllBytes(DOCUMENT), StandardCharsets.UTF_8);
        int start = before.indexOf(HEAD) + HEAD.length();
        String now =
                before.substring(0, start)
                        + String.join("", rows().values())
                        + before.substring(before.indexOf("\n\n", start) + 1);
        if (Boolean.getBoolean("generate")) {
            Files.write(DOCUMENT, now.getBytes(StandardCharsets.UTF_8));
        } else {
            assertEquals(now, before, "docs/CONFIGURATION.md is stale: call make generate");
        }
    }

    private static Map<String, String> rows() throws IllegalAccessException {
        Map<String, String> rows = new TreeMap<>();
        for (Field field : AgentOptions.class.getFields()) {
            ConfigOption<?> option = (ConfigOption<?>) field.get(null);
            Class<?> type =
                    (Class<?>)
                            ((ParameterizedType) field.getGenericType())
                                    .getActualTypeArguments()[0];
            rows.put(
                    option.key(),
                    String.format(
                            "| `%s`%s | %s | %s | %s |\n",
                            option.key(),
                            otherNames(option),
                            option.hasDefaultValue()
                                    ? "`" + spelt(option.defaultValue()) + "`"
                                    : "empty",
                            mayBe(type),
                            // It is Markdown, which needs no escapes within its backticks.
                            new HtmlFormatter()
                                    .format(option.description())
                                    .replace("&lt;", "<")
                                    .replace("&gt;", ">")));
        }
        return rows;
    }

    private static String otherNames(ConfigOption<?> option) {
        return StreamSupport.stream(option.fallbackKeys().spliterator(), false)
                .map(other -> ", or `" + other.getKey() + "`")
                .collect(Collectors.joining());
    }

    private static String mayBe(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(OptionsDocumentTest::spelt)
                    .collect(Collectors.joining(" or "));
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "a time, such as 30s or 1h";
        }
        assertEquals(String.class, type, "say here what an option of this type may be");
        return "any text";
    }

    private static String spelt(Object value) {
        return value instanceof Duration
                ? TimeUtils.formatWithHighestUnit((Duration) value).replace(" ", "")
                : value.toString().toLowerCase(Locale.ROOT);
    }
}
