package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.YAMLException;

/** A file of manifests, YAML or JSON, as kubectl takes it. */
public final class Documents {
    private final Injection injection;
    private final List<String> warnings = new ArrayList<>();
    private int injected;

    private Documents(Injection injection) {
        this.injection = injection;
    }

    /** All documents, in their order, with the agent in those that ask for it. */
    public record Result(String yaml, int injected, List<String> warnings) {}

    public static Result inject(InputStream in, Injection injection)
            throws IOException, NotInjectableException {
        Documents documents = new Documents(injection);
        StringBuilder yaml = new StringBuilder();
        for (JsonNode document : documents(in)) {
            yaml.append(Yaml.text(documents.document(document)));
        }
        return new Result(yaml.toString(), documents.injected, documents.warnings);
    }

    /** A List, such as `kubectl get -o yaml` prints, is what is in it. */
    private JsonNode document(JsonNode document) throws NotInjectableException {
        if (!document.path("kind").asText().equals("List")
                || !(document.path("items") instanceof ArrayNode items)) {
            return object(document);
        }
        for (int i = 0; i < items.size(); i++) {
            items.set(i, object(items.get(i)));
        }
        return document;
    }

    private JsonNode object(JsonNode object) throws NotInjectableException {
        if (!Injection.isAskedFor(object)) {
            return object;
        }
        Injection.Injected done = injection.into(object);
        warnings.addAll(done.warnings());
        injected++;
        return done.job();
    }

    private static List<JsonNode> documents(InputStream in) throws NotInjectableException {
        try {
            return Yaml.documents(in);
        } catch (YAMLException e) {
            throw new NotInjectableException(
                    "This is neither YAML nor JSON: %s."
                            .formatted(String.valueOf(e.getMessage()).replaceAll("\\s+", " ")));
        }
    }
}
