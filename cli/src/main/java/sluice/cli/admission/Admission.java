package sluice.cli.admission;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What an API server says to a new resource, by the schema and the rules of the CustomResourceDefinition themselves: the file beside this
 * class is made of the same classes as that one.
 */
public final class Admission {
    private static final String FILE = "schema.json";

    private final JsonNode schema;

    private Admission(JsonNode schema) {
        this.schema = schema;
    }

    /** With the schema of this version. */
    public static Admission ofThisVersion() {
        try (var file = requireNonNull(Admission.class.getResourceAsStream(FILE), FILE)) {
            return new Admission(new JsonMapper().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a resource, each with its field; nothing for one that is taken. Its status is not looked at. */
    public List<String> faults(JsonNode resource) {
        ObjectNode stored = resource.deepCopy();
        stored.remove("status");
        Defaults.fill(schema, stored);
        List<Fault> faults = new SchemaCheck().faults(schema, stored);
        // Rules count on the shape that the schema asks for, and on nothing else of it.
        if (faults.stream().noneMatch(Fault::isOfShape)) {
            faults.addAll(new RuleCheck().faults(schema, stored));
        }
        return faults.stream().map(Fault::text).toList();
    }
}
