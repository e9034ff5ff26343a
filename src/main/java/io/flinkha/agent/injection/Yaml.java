package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as kubectl reads it: aliases are followed (Jackson's own reader makes texts of them), 0440
 * is octal, a date is a text.
 */
final class Yaml {
    private static final ObjectMapper MAPPER =
            new ObjectMapper(
                    new YAMLFactory()
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                            .disable(YAMLGenerator.Feature.SPLIT_LINES));

    private Yaml() {}

    private static final class AsKubectl extends SafeConstructor {
        AsKubectl() {
            super(new LoaderOptions());
            yamlConstructors.put(Tag.TIMESTAMP, new ConstructYamlStr());
        }
    }

    /** Each document; YAMLException where it is none. */
    static List<JsonNode> documents(InputStream in) {
        List<JsonNode> documents = new ArrayList<>();
        new org.yaml.snakeyaml.Yaml(new AsKubectl())
                .loadAll(in)
                .forEach(document -> {
                    if (document != null) {
                        documents.add(MAPPER.valueToTree(document));
                    }
                });
        return documents;
    }

    static JsonNode resource(String name) {
        try (InputStream in = Yaml.class.getResourceAsStream("/injection/" + name)) {
            if (in == null) {
                throw new IllegalStateException("resource injection/" + name + " is missing");
            }
            return documents(in).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(JsonNode document) throws IOException {
        return MAPPER.writeValueAsString(document);
    }
}
