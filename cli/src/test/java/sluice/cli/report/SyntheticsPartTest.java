package sluice.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SyntheticsPartTest {
    private static JsonNode yaml(String text) throws IOException {
        return new YAMLMapper().readTree(text);
    }

    @Test
    void saysOfEachCheckHowItsLastProbeWas() throws IOException {
        var files = new EvidenceFolder();
        var section = SyntheticsPart.add(yaml("""
                - {metric: {check: student-flow, instance: 'https://a/api/courses?token=hunter2'}, value: [1767225600.1, "0"]}
                - {metric: {check: public-health, instance: 'https://a/<b>'}, value: [1767225600.1, "1"]}
                """), files);

        assertThat(section.notRun()).isEmpty();
        assertThat(section.markup().toString())
                .contains("1 of 2 checks succeeded when this was read", "FAILED", "https://a/&lt;b&gt;")
                .doesNotContain("hunter2");
        var document = new String(files.files().get("synthetics.json"), UTF_8);
        var checks = new YAMLMapper().readTree(document).path("checks");
        assertThat(checks.findValuesAsText("check")).containsExactly("public-health", "student-flow");
        assertThat(checks.findValuesAsText("success")).containsExactly("true", "false");
        assertThat(document).doesNotContain("hunter2", "1767225600");
    }

    @Test
    void saysThatThereAreNoChecks() throws IOException {
        assertThat(SyntheticsPart.add(yaml("[]"), new EvidenceFolder()).notRun())
                .containsExactly("this Prometheus has no probe_success with a label check");
    }
}
