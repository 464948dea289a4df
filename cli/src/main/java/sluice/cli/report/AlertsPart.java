package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The alerts that are about sidecars and operator, and which of them are on for this rollout. */
final class AlertsPart {
    static final String TITLE = "Alerts";
    static final String FILE = "alerts.json";
    /** What every metric of ours begins with. */
    private static final String OURS = "sluice_";
    /** The groups of rules whose alerts are about an installation, and so about every rollout of it; their namespace is the installation's. */
    private static final Set<String> INSTALLATION = Set.of("sluice-operator", "sluice-synthetics");

    private static final int MOST = 500;

    private final String namespace;
    private final String rollout;
    private final String operatorNamespace;

    /** @param operatorNamespace where the operator runs; empty where alerts of other installations are left out already */
    AlertsPart(String namespace, String rollout, String operatorNamespace) {
        this.namespace = namespace;
        this.rollout = rollout;
        this.operatorNamespace = operatorNamespace;
    }

    Section add(PrometheusAlerts read, EvidenceFolder files) {
        List<ObjectNode> rules = rules(read.rules());
        List<ObjectNode> alerts = alerts(read.alerts(), names(rules, _ -> true), names(rules, INSTALLATION::contains));
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        rules.forEach(document.putArray("rules")::add);
        alerts.forEach(document.putArray("alerts")::add);
        files.add(FILE, document);
        if (rules.isEmpty()) {
            return Section.notRun(TITLE, "this Prometheus has no rule about a metric of Sluice's");
        }
        return Section.of(
                TITLE,
                Markup.element(
                        "p",
                        Markup.text(String.format(
                                Locale.ROOT,
                                "%d rules, %d alerts on when this was read; ",
                                rules.size(),
                                alerts.size())),
                        Section.link(FILE, FILE)),
                alerts.isEmpty() ? Markup.NOTHING : table(alerts));
    }

    private static Markup table(List<ObjectNode> alerts) {
        return Markup.table(
                List.of("alert", "state", "since", "summary"),
                alerts.stream()
                        .map(alert -> List.of(
                                Markup.text(alert.at("/labels/alertname").asText()),
                                Markup.text(alert.path("state").asText()),
                                Markup.text(alert.path("activeAt").asText()),
                                Markup.text(alert.at("/annotations/summary").asText())))
                        .toList());
    }

    /** Definitions without what changes with every evaluation. */
    private static List<ObjectNode> rules(JsonNode groups) {
        List<ObjectNode> rules = new ArrayList<>();
        groups.forEach(group -> group.path("rules").forEach(rule -> {
            boolean ours = group.path("name").asText().startsWith("sluice")
                    || rule.path("query").asText().contains(OURS);
            if (ours && rules.size() < MOST) {
                ObjectNode kept = keep(rule, "name", "query", "duration", "labels", "annotations");
                kept.put("group", group.path("name").asText());
                rules.add(kept);
            }
        }));
        rules.sort(Comparator.comparing((ObjectNode rule) -> rule.path("group").asText())
                .thenComparing(rule -> rule.path("name").asText())
                .thenComparing(ObjectNode::toString));
        return rules;
    }

    private static Set<String> names(List<ObjectNode> rules, Predicate<String> group) {
        return rules.stream()
                .filter(rule -> group.test(rule.path("group").asText()))
                .map(rule -> rule.path("name").asText())
                .collect(Collectors.toSet());
    }

    private List<ObjectNode> alerts(JsonNode alerts, Set<String> names, Set<String> installation) {
        return StreamSupport.stream(alerts.spliterator(), false)
                .filter(alert -> names.contains(alert.at("/labels/alertname").asText()))
                .filter(alert ->
                        installation.contains(alert.at("/labels/alertname").asText())
                                ? isOfInstallation(alert.path("labels"))
                                : isAbout(alert.path("labels")))
                .map(alert -> keep(alert, "labels", "annotations", "state", "activeAt"))
                .sorted(Comparator.comparing(ObjectNode::toString))
                .limit(MOST)
                .toList();
    }

    /** Another tenant's alerts are none of this report's business; one without these labels is about everybody. */
    private boolean isAbout(JsonNode labels) {
        return namespace.equals(labels.path("namespace").asText(namespace))
                && rollout.equals(labels.path("rollout").asText(rollout));
    }

    private boolean isOfInstallation(JsonNode labels) {
        return operatorNamespace.isEmpty()
                || operatorNamespace.equals(labels.path("namespace").asText(operatorNamespace));
    }

    private static ObjectNode keep(JsonNode from, String... fields) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (String field : fields) {
            if (from.has(field)) {
                kept.set(field, from.path(field));
            }
        }
        return kept;
    }
}
