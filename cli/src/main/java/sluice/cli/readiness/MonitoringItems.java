package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.cli.report.Markup;

/** Dashboards, alerts, and the checks from outside. */
final class MonitoringItems {
    static final List<String> DASHBOARDS =
            List.of("sluice-auth", "sluice-waf", "sluice-infra", "sluice-limiter", "sluice-rollout", "sluice-operator");
    static final String SYNTHETICS = "synthetics/results.json";
    static final String CHECKS = "definitions/synthetics/synthetics.json";

    /** The queries that had no data, a line each. */
    static final String SILENT = "pictures/no-data.txt";

    private final Evidence evidence;

    MonitoringItems(Evidence evidence) {
        this.evidence = evidence;
    }

    List<Item> all() {
        return List.of(
                dashboards(),
                command("Alerts fire when they should, and only then", "promtool"),
                command("Alerts go where they should", "amtool"),
                ProvokedAlerts.item(evidence),
                synthetics());
    }

    private Item dashboards() {
        String title = "Dashboards, drawn from the run's own figures";
        List<String> missing = DASHBOARDS.stream()
                .filter(name -> !evidence.has(picture(name)) || !evidence.has(definition(name)))
                .toList();
        Optional<String> silent = evidence.text(SILENT);
        if (!missing.isEmpty() || silent.isEmpty()) {
            return Item.notRun(title, evidence.whyMissing("dashboards", "not drawn: " + String.join(", ", missing)));
        }
        List<String> files = DASHBOARDS.stream()
                .flatMap(name -> Stream.of(picture(name), definition(name)))
                .toList();
        Markup pictures = Markup.all(DASHBOARDS.stream().map(this::figure).toList());
        long without = silent.get().lines().count();
        String figure = String.format(Locale.ROOT, "%d; %d queries had nothing to show", DASHBOARDS.size(), without);
        return new Item(
                title,
                Outcome.of(without == 0),
                figure,
                Stream.concat(files.stream(), Stream.of(SILENT)).toList(),
                pictures);
    }

    static String picture(String name) {
        return "pictures/" + name + ".svg";
    }

    /** What a picture is drawn from. */
    static String samples(String name) {
        return "pictures/samples/" + name + ".json";
    }

    static String definition(String name) {
        return "definitions/dashboards/" + name + ".json";
    }

    private Markup figure(String name) {
        Markup picture = Markup.picture(evidence.bytes(picture(name)).orElseThrow(), name);
        return element("figure", element("figcaption", name), element("a", Map.of("href", picture(name)), picture));
    }

    private Item command(String title, String name) {
        return CommandRun.of(evidence, name)
                .map(run -> new Item(
                        title,
                        run.outcome(),
                        run.says(),
                        Stream.of(CommandRun.file(name), CommandRun.output(name))
                                .filter(evidence::has)
                                .toList()))
                .orElseGet(() -> Item.notRun(title, evidence.whyMissing(name, "%s was not run".formatted(name))));
    }

    /** Every check that the definition has must have been tried; what is not in it is not looked at. */
    private Item synthetics() {
        String title = "Checks from outside";
        List<String> names = evidence.json(CHECKS).stream()
                .flatMap(document -> document.path("checks").valueStream())
                .map(check -> check.path("name").asText())
                .toList();
        if (names.isEmpty() || !evidence.has(SYNTHETICS)) {
            return Item.notRun(title, evidence.whyMissing("synthetics", "no check was tried"));
        }
        List<Outcome> outcomes = names.stream().map(this::tried).toList();
        long well = outcomes.stream().filter(each -> each == Outcome.PASSED).count();
        String others = names.stream()
                .filter(name -> tried(name) != Outcome.PASSED)
                .map(name -> "; %s %s".formatted(name, tried(name)))
                .collect(Collectors.joining());
        return new Item(
                title,
                Outcome.worst(outcomes),
                String.format(Locale.ROOT, "%d of %d succeed%s", well, names.size(), others),
                List.of(SYNTHETICS, CHECKS));
    }

    private Outcome tried(String name) {
        List<JsonNode> results = evidence.json(SYNTHETICS).stream()
                .flatMap(JsonNode::valueStream)
                .filter(result -> result.path("check").asText().equals(name))
                .toList();
        return Outcome.worst(results.stream()
                .map(result -> Outcome.of(result.path("success").asBoolean()))
                .toList());
    }
}
