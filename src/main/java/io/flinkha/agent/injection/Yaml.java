package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as kubectl reads it: aliases are followed (Jackson's own reader makes texts of them), 0440
 * is octal, a date is a text.
 */
final class Yaml {
    private static final ObjectMapper MAPPER =
            new ObjectMapper(
                    YAMLFactory.builder()
                            .stringQuotingChecker(new LikeNumbersToo())
                            .build()
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                            .disable(YAMLGenerator.Feature.SPLIT_LINES));

    private Yaml() {}

    /** What looks like a number to one reader of YAML does not to another: 7e12, 0x1F, 1_000. */
    private static final class LikeNumbersToo extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || value.matches("[-+.]?[0-9.].*|[-+.].*");
        }
    }

    private static final class AsKubectl extends SafeConstructor {
        AsKubectl() {
            super(new LoaderOptions());
            yamlConstructors.put(Tag.TIMESTAMP, new ConstructYamlStr());
            yamlConstructors.put(Tag.INT, new PlainInt());
        }

        /** 12:30:00 is a text. */
        private final class PlainInt extends ConstructYamlInt {
            @Override
            public Object construct(Node node) {
                return ((ScalarNode) node).getValue().contains(":")
                        ? ((ScalarNode) node).getValue()
                        : super.construct(node);
            }
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
