package sluice.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratedFilesTest {

    private static final String CRD_FILE = "ratelimitrollouts.sluice.dev.yaml";

    @Test
    void theCustomResourceDefinitionMatchesTheClasses() throws IOException {
        GeneratedFile.at("crds/" + CRD_FILE).holds(Crd.yaml(Crd.fromClasses()));
    }

    @Test
    void theChartsCopyMatchesTheClasses() throws IOException {
        GeneratedFile.at("helm/ratelimit-rollout/crds/" + CRD_FILE).holds(Crd.yaml(Crd.fromClasses()));
    }

    @Test
    void theReferencePageMatchesTheSchema() throws IOException {
        GeneratedFile.at("docs/reference.md").holds(ReferencePage.of(Crd.schema(Crd.fromClasses())));
    }

    @Test
    void theCommandLinesSchemaMatchesTheClasses() throws IOException {
        GeneratedFile.at("cli/src/main/resources/sluice/cli/admission/schema.json")
                .holds(AdmissionSchema.of(Crd.fromClasses()));
    }

    @Test
    void everyFieldHasADescription() {
        var schema = Crd.schema(Crd.fromClasses());
        assertThat(fieldsWithoutDescription("spec", schema.at("/properties/spec")))
                .isEmpty();
        assertThat(fieldsWithoutDescription("status", schema.at("/properties/status")))
                .isEmpty();
    }

    @Test
    void wordsThatYaml11TakesForBooleansAreQuoted() {
        assertThat(Crd.yaml(Crd.fromClasses())).contains("default: \"Off\"").doesNotContainPattern("(?m)[:-] Off$");
    }

    @Test
    void noUnknownFieldIsKept() {
        assertThat(Crd.yaml(Crd.fromClasses())).doesNotContain("x-kubernetes-preserve-unknown-fields");
    }

    private static List<String> fieldsWithoutDescription(String path, JsonNode schema) {
        var missing = new ArrayList<String>();
        for (var field : schema.path("properties").properties()) {
            if (field.getValue().path("description").asText().isBlank()) {
                missing.add(path + "." + field.getKey());
            }
            missing.addAll(fieldsWithoutDescription(path + "." + field.getKey(), field.getValue()));
        }
        if (schema.has("items")) {
            missing.addAll(fieldsWithoutDescription(path + "[]", schema.get("items")));
        }
        return missing;
    }
}
