package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Collectors;
import sluice.cli.report.Markup;

/** The alerts that were pending or firing when the rollout's report was written, each with what the run sent then. */
final class AlertsThatWereOn {
    static final String FILE = "rollout/alerts.json";

    private final Evidence evidence;
    private final List<JsonNode> alerts;

    AlertsThatWereOn(Evidence evidence) {
        this.evidence = evidence;
        this.alerts = evidence.json(FILE).stream()
                .flatMap(document -> document.path("alerts").valueStream())
                .toList();
    }

    /** Their names and states, in a list; empty when none was on. */
    String names() {
        return alerts.stream()
                .map(alert -> "%s %s".formatted(name(alert), state(alert)))
                .collect(Collectors.joining(", "));
    }

    /** When each began, and by which load; {@link Markup#NOTHING} when none was on. */
    Markup table() {
        return alerts.isEmpty()
                ? Markup.NOTHING
                : Markup.all(
                        element(
                                "p",
                                "Alerts were on when Prometheus was asked. One that is pending has told nobody: it does so when it has lasted for its rule's for. "
                                        + "What the run sends itself counts as the service's: after the story that is the demo's load once more, requests and checks, "
                                        + "of which many have no token on purpose."),
                        Markup.table(
                                List.of(
                                        "alert",
                                        "severity",
                                        "state",
                                        "since (UTC)",
                                        "summary",
                                        "sent then, or in the minute before"),
                                alerts.stream().map(this::row).toList()));
    }

    private List<Markup> row(JsonNode alert) {
        return List.of(
                Markup.text(name(alert)),
                Markup.text(alert.at("/labels/severity").asText()),
                Markup.text(state(alert)),
                Markup.text(alert.path("activeAt").asText()),
                Markup.text(Text.brief(alert.at("/annotations/summary").asText())),
                Markup.text(sent(alert.path("activeAt").asText())));
    }

    private String sent(String activeAt) {
        try {
            return SentMeanwhile.at(Instant.parse(activeAt), evidence);
        } catch (DateTimeParseException e) {
            return "its time, or what was sent, cannot be read";
        }
    }

    private static String name(JsonNode alert) {
        return alert.at("/labels/alertname").asText();
    }

    private static String state(JsonNode alert) {
        return alert.path("state").asText();
    }
}
