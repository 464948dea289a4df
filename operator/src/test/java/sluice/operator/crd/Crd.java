package sluice.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** The CustomResourceDefinition, made from the classes. */
final class Crd {

    /** Quotes Off, No and the like, which the YAML 1.1 that kubectl reads takes for booleans. */
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER, YAMLGenerator.Feature.SPLIT_LINES)
            .enable(
                    YAMLGenerator.Feature.MINIMIZE_QUOTES,
                    YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS,
                    YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private Crd() {}

    static ObjectNode fromClasses() {
        var crd = generated();
        SchemaFinish.apply(crd);
        return crd;
    }

    /** The schema of the whole resource in a CustomResourceDefinition. */
    static ObjectNode schema(JsonNode crd) {
        return (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    static String yaml(ObjectNode crd) {
        try {
            return "# Generated from the classes in sluice.operator.api.v1alpha1. " + GeneratedFile.HOW_TO_UPDATE + "\n"
                    + YAML.writeValueAsString(crd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode generated() {
        try (var output = new InMemory()) {
            new CRDGenerator()
                    .customResourceClasses(RateLimitRollout.class)
                    .forCRDVersions("v1")
                    .withOutput(output)
                    .generate();
            return (ObjectNode) YAML.readTree(output.bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class InMemory implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return bytes;
        }

        @Override
        public void close() {}
    }
}
