package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.cli.report.KeptReport;

/** What is written down: the commit, definitions, the rollout's own report, its snapshots, the runbook. */
final class PaperItems {
    static final String RUNBOOK = "ONCALL_RUNBOOK.md";
    static final String ROLLOUT = "rollout/index.html";
    static final String RESOURCE = "rollout/resource.json";
    static final String ROLLOUT_MANIFEST = "rollout/manifest.json";

    /** The messages that came where Slack would be. */
    static final String TOLD = "notifications/told.json";

    /** The line of figures that a snapshot has and no other message. */
    private static final Pattern SNAPSHOT = Pattern.compile("(?m)^5xx .*, P50 .*, P95 .*, P99 ");

    /** What must be in the package of what was installed and applied. */
    static final List<String> DEFINITIONS = List.of(
            "definitions/crd.yaml",
            "definitions/chart.yaml",
            "definitions/rollout.yaml",
            "definitions/alerts/rules.yaml",
            "definitions/alerts/synthetics.yaml",
            "definitions/alerts/alertmanager.yaml",
            "definitions/synthetics/blackbox.yaml",
            "definitions/synthetics/scrape.yaml",
            MonitoringItems.CHECKS);

    private final Evidence evidence;

    PaperItems(Evidence evidence) {
        this.evidence = evidence;
    }

    List<Item> all() {
        return List.of(rollout(), snapshots(), definitions(), runbook());
    }

    private Item rollout() {
        String title = "The rollout's own report";
        if (!evidence.has(ROLLOUT) || !evidence.has(RESOURCE)) {
            return Item.notRun(title, evidence.whyMissing("rollout", "kubectl rlr report was not run"));
        }
        String phase = resource().path("status").path("phase").asText();
        List<String> notRun = notRun();
        AlertsThatWereOn alerts = new AlertsThatWereOn(evidence);
        return new Item(
                title,
                Outcome.worst(List.of(
                        Outcome.of(phase.equals("Promoted")), notRun.isEmpty() ? Outcome.PASSED : Outcome.NOT_RUN)),
                Stream.of(
                                Stream.of("it ended as " + phase),
                                notRun.stream().map(why -> "NOT_RUN " + why),
                                Stream.of(alerts.names())
                                        .filter(names -> !names.isEmpty())
                                        .map(names -> "alerts that were on: " + names))
                        .flatMap(Function.identity())
                        .collect(Collectors.joining("; ")),
                Stream.of(ROLLOUT, RESOURCE, AlertsThatWereOn.FILE)
                        .filter(evidence::has)
                        .toList(),
                alerts.table());
    }

    /** What the report says that it could not look at. */
    private List<String> notRun() {
        return evidence.json(ROLLOUT_MANIFEST).stream()
                .flatMap(manifest -> manifest.path(KeptReport.NOT_RUN).valueStream())
                .map(JsonNode::asText)
                .toList();
    }

    private JsonNode resource() {
        return evidence.json(RESOURCE).orElse(MissingNode.getInstance());
    }

    /** Kept in status, and sent: each of them must have come where Slack would be. */
    private Item snapshots() {
        String title = "Snapshots";
        int kept = resource().path("status").path("snapshots").size();
        if (kept == 0) {
            return Item.notRun(title, evidence.whyMissing("snapshots", "the rollout's status keeps none"));
        }
        Optional<JsonNode> told = evidence.json(TOLD);
        if (told.isEmpty()) {
            return Item.notRun(title, evidence.whyMissing("told", "nobody listened where Slack would be"));
        }
        long sent = told.get()
                .valueStream()
                .filter(message ->
                        SNAPSHOT.matcher(message.path("text").asText()).find())
                .count();
        return new Item(
                title,
                Outcome.of(sent >= kept),
                String.format(Locale.ROOT, "%d are kept in status, %d were sent", kept, sent),
                List.of(RESOURCE, TOLD));
    }

    private Item definitions() {
        List<String> changed = Copies.changed(evidence).stream()
                .filter(path -> !path.equals(RUNBOOK))
                .toList();
        String title = changed.isEmpty()
                ? "Definitions of all that was installed"
                : "Definitions, as this version has them: not all are what was installed";
        List<String> missing =
                DEFINITIONS.stream().filter(path -> !evidence.has(path)).toList();
        if (!missing.isEmpty()) {
            return Item.notRun(title, missing.stream().collect(Collectors.joining(", ", "missing: ", "")));
        }
        List<String> files = Stream.of(".yaml", ".json")
                .flatMap(end -> evidence.under("definitions", end).stream())
                .filter(path -> !path.contains("/dashboards/") && !path.equals(Copies.INSTALLED))
                .sorted()
                .toList();
        return new Item(
                title,
                changed.isEmpty() ? Outcome.PASSED : Outcome.NOT_RUN,
                String.format(Locale.ROOT, "%d files", files.size())
                        + (changed.isEmpty() ? "" : "; the run had others: " + String.join(", ", changed)),
                files);
    }

    /** What its commands do is tested with it. */
    private Item runbook() {
        String title = "The on-call runbook";
        return evidence.has(RUNBOOK)
                ? new Item(title, Outcome.PASSED, "what to do about each alert", List.of(RUNBOOK))
                : Item.notRun(title, "it is not in the folder");
    }
}
