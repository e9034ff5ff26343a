package io.flinkha.agent.adapter.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.fabric8.kubernetes.api.model.KubernetesResource;

/**
 * In the native image fabric8 reads no array as a list of typed objects. Nobody here asks it to,
 * and such a list names every kind that there is: all their classes would be in the image.
 */
@TargetClass(className = "io.fabric8.kubernetes.internal.KubernetesDeserializer")
final class NoTypedLists {
    private NoTypedLists() {}

    @Substitute
    @SuppressWarnings("DoNotCallSuggester") // It stands in for a method that others call.
    KubernetesResource fromArrayNode(JsonParser parser, JsonNode node) {
        throw new UnsupportedOperationException("lists of typed objects");
    }
}
