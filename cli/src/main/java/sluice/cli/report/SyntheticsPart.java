package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** How the checks from outside are when the report is made: whether the last probe of each has succeeded. */
final class SyntheticsPart {
    static final String TITLE = "Synthetics";
    static final String FILE = "synthetics.json";

    /** As the alerts about them ask: the checks of others have no such label. */
    private static final String QUERY = "probe_success{check=~\".+\"}";

    private static final String PATH = "/api/v1/query?query=" + URLEncoder.encode(QUERY, StandardCharsets.UTF_8);
    private static final int MOST = 100;

    private SyntheticsPart() {}

    /** The samples of an instant query. */
    static JsonNode read(PrometheusNow prometheus) throws IOException {
        return prometheus.list(PATH, "result");
    }

    static Section add(JsonNode samples, EvidenceFolder files) {
        List<ObjectNode> checks = StreamSupport.stream(samples.spliterator(), false)
                .map(SyntheticsPart::check)
                .sorted(Comparator.comparing((ObjectNode check) -> text(check, "check"))
                        .thenComparing(ObjectNode::toString))
                .limit(MOST)
                .toList();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        checks.forEach(document.putArray("checks")::add);
        files.add(FILE, document);
        if (checks.isEmpty()) {
            return Section.notRun(TITLE, "this Prometheus has no probe_success with a label check");
        }
        return Section.of(
                TITLE,
                Markup.element(
                        "p",
                        Markup.text(String.format(
                                Locale.ROOT,
                                "%d of %d checks succeeded when this was read; ",
                                checks.stream()
                                        .filter(check -> check.path("success").asBoolean())
                                        .count(),
                                checks.size())),
                        Section.link(FILE, FILE)),
                table(checks));
    }

    /** Without the time of the sample, which says only when the report was made. */
    private static ObjectNode check(JsonNode sample) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("check", sample.at("/metric/check").asText())
                .put("instance", sample.at("/metric/instance").asText())
                .put("success", sample.at("/value/1").asText().equals("1"));
    }

    private static Markup table(List<ObjectNode> checks) {
        return Markup.table(
                List.of("check", "of", "last probe"),
                checks.stream()
                        .map(check -> List.of(
                                Markup.text(text(check, "check")),
                                Markup.text(text(check, "instance")),
                                Markup.text(check.path("success").asBoolean() ? "succeeded" : "FAILED")))
                        .toList());
    }

    private static String text(ObjectNode check, String field) {
        return check.path(field).asText();
    }
}
