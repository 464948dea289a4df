package sluice.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** What the generator's annotations cannot say, or what it says in another way than wanted. */
final class SchemaFinish {

    private static final Map<String, String> CONDITION_FIELDS = Map.of(
            "type", "The condition's name.",
            "status", "True, False or Unknown.",
            "reason", "Why, in one word.",
            "message", "Why, in a sentence.",
            "observedGeneration", "The generation of the resource that the condition is about.",
            "lastTransitionTime", "When the status last changed.");

    private SchemaFinish() {}

    static void apply(ObjectNode crd) {
        orderColumns((ObjectNode) crd.at("/spec/versions/0"));
        var root = Crd.schema(crd);
        root.put("description", "A rate limiter, the way it takes to all callers, and the rules that bring it back.");
        root.putArray("required").add("spec");
        describe(root, "spec", "What to limit, how to get there, and when to turn back.");
        describe(root, "status", "What the operator has decided and seen.");
        boundName(root);
        tidy(root);
        keyedBy(root, "/properties/spec/properties/limiter/properties/limits", "name");
        keyedBy(root, "/properties/spec/properties/hooks", "name");
        conditions(root);
    }

    /** The generator sorts columns by their paths; people read them in the order they were declared. */
    private static void orderColumns(ObjectNode version) {
        var names = Arrays.stream(RateLimitRollout.class.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        var generated = version.withArray("additionalPrinterColumns");
        var columns = StreamSupport.stream(generated.spliterator(), false)
                .sorted((a, b) -> Integer.compare(position(names, a), position(names, b)))
                .toList();
        generated.removeAll().addAll(columns);
    }

    private static int position(List<String> names, JsonNode column) {
        return names.indexOf(column.path("name").asText());
    }

    /** A label's value, at most 63, is the name, a dot and eight hex digits; two are kept for later. */
    private static void boundName(ObjectNode root) {
        var metadata = ((ObjectNode) root.get("properties")).putObject("metadata");
        metadata.put("type", "object");
        var name = metadata.putObject("properties").putObject("name");
        name.put("type", "string").put("maxLength", 52);
    }

    private static void describe(ObjectNode parent, String property, String description) {
        ((ObjectNode) parent.at("/properties/" + property)).put("description", description);
    }

    private static void tidy(JsonNode node) {
        if (node instanceof ObjectNode object) {
            // A record component carries its annotations twice, on the field and on the accessor.
            if (object.get("x-kubernetes-validations") instanceof ArrayNode rules) {
                var distinct = new LinkedHashSet<>(rules.valueStream().toList());
                rules.removeAll().addAll(distinct);
            }
            if ("integer".equals(object.path("type").asText())) {
                wholeNumber(object, "minimum");
                wholeNumber(object, "maximum");
            }
        }
        node.forEach(SchemaFinish::tidy);
    }

    private static void wholeNumber(ObjectNode schema, String bound) {
        if (schema.has(bound)) {
            schema.put(bound, schema.get(bound).longValue());
        }
    }

    /** Lets two appliers own different entries, and refuses repeated ones. */
    private static void keyedBy(ObjectNode root, String path, String key) {
        var list = (ObjectNode) root.at(path);
        list.put("x-kubernetes-list-type", "map")
                .putArray("x-kubernetes-list-map-keys")
                .add(key);
    }

    private static void conditions(ObjectNode root) {
        var path = "/properties/status/properties/conditions";
        if (root.at(path) instanceof ObjectNode list) {
            keyedBy(root, path, "type");
            var item = (ObjectNode) list.get("items");
            item.putArray("required").add("type").add("status");
            CONDITION_FIELDS.forEach((field, text) -> describe(item, field, text));
        }
    }
}
