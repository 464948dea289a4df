package sluice.e2e.rollout;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The rollout as it is applied: {@code rollout.yaml} with a few things changed. Each change gives a new manifest. */
public final class Manifest {
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode resource;

    private Manifest(JsonNode resource) {
        this.resource = resource;
    }

    /** The rollout of the demonstration. */
    public static Manifest ofDemo() {
        try (var in = Manifest.class.getResourceAsStream("rollout.yaml")) {
            if (in == null) {
                throw new IllegalStateException("rollout.yaml is missing from the classpath");
            }
            return new Manifest(JSON.valueToTree(Serialization.unmarshal(in, GenericKubernetesResource.class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code kubectl apply -f -} reads. */
    public String text() {
        return resource.toPrettyString();
    }

    public Manifest inNamespace(String namespace) {
        return with("/metadata/namespace", namespace);
    }

    /**
     * With one value changed, or added where there is none.
     *
     * @param pointer where, as RFC 6901 writes it
     * @param value what Jackson can turn into JSON
     */
    public Manifest with(String pointer, Object value) {
        var copy = resource.deepCopy();
        var place = JsonPointer.compile(pointer);
        var parent = copy.at(place.head());
        var last = place.last();
        switch (parent) {
            case ObjectNode object -> object.set(last.getMatchingProperty(), JSON.valueToTree(value));
            case ArrayNode array -> array.set(last.getMatchingIndex(), JSON.<JsonNode>valueToTree(value));
            default -> throw new IllegalArgumentException("no such place: " + pointer);
        }
        return new Manifest(copy);
    }

    /** With another size of the limit on the API, which is the first. */
    public Manifest withLimit(long tokens, String per, long burst) {
        return with("/spec/limiter/limits/0/tokens", tokens)
                .with("/spec/limiter/limits/0/per", per)
                .with("/spec/limiter/limits/0/burst", burst);
    }

    /** With a channel that is told what is decided, and how the service is as often as a resource may ask for it. */
    public Manifest withSnapshots() {
        return with(
                "/spec/notifications",
                Map.of("slack", Map.of("channel", "#oncall"), "snapshots", Map.of("every", "1m", "during", "1h")));
    }

    /** With other lengths of the steps, for weights 10 and 100. */
    public Manifest withHolds(String first, String last) {
        return with("/spec/strategy/steps/0/hold", first).with("/spec/strategy/steps/1/hold", last);
    }
}
