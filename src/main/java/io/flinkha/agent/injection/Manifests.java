package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.YAMLException;

/** A file of manifests, YAML or JSON, as kubectl takes it. */
public final class Manifests {
    private Manifests() {}

    /** All documents, in their order, with the agent in those that ask for it. */
    public record Result(String yaml, int injected, List<String> warnings) {}

    public static Result inject(InputStream in, Injection injection)
            throws IOException, NotInjectableException {
        StringBuilder yaml = new StringBuilder();
        List<String> warnings = new ArrayList<>();
        int injected = 0;
        for (JsonNode document : documents(in)) {
            JsonNode shown = document;
            if (Injection.isAskedFor(document)) {
                Injection.Injected done = injection.into(document);
                shown = done.job();
                warnings.addAll(done.warnings());
                injected++;
            }
            yaml.append(Yaml.text(shown));
        }
        return new Result(yaml.toString(), injected, warnings);
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
