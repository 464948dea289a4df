package sluice.operator.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The resources in the folder crds/examples. */
public final class Examples {

    static final YAMLMapper YAML = new YAMLMapper();

    private static final Path FOLDER = Path.of("../crds/examples");

    private Examples() {}

    /** One of them. */
    public static ObjectNode read(String file) throws IOException {
        return (ObjectNode) YAML.readTree(FOLDER.resolve(file).toFile());
    }

    /** The resource as it stands, whatever the classes would make of it. */
    static GenericKubernetesResource generic(JsonNode resource) {
        return Serialization.unmarshal(resource.toString(), GenericKubernetesResource.class);
    }

    /** Puts a value somewhere in a resource; an absent one removes what is there. */
    static void put(ObjectNode resource, JsonPointer at, @Nullable JsonNode value) {
        var name = at.last().getMatchingProperty();
        switch (resource.at(at.head())) {
            case ObjectNode parent when value == null -> parent.remove(name);
            case ObjectNode parent -> parent.set(name, value);
            case ArrayNode parent -> parent.set(at.last().getMatchingIndex(), value);
            case JsonNode missing -> throw new IllegalArgumentException(at + " has no parent: " + missing);
        }
    }
}
