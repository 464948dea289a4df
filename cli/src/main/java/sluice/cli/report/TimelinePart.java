package sluice.cli.report;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.cli.cluster.Past;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** Every decision that is known, with its grounds and who asked for it, and how the attempts ended. */
final class TimelinePart {
    static final String TITLE = "Decisions";
    private static final JsonMapper JSON = new JsonMapper();

    private TimelinePart() {}

    static Section add(RateLimitRolloutStatus status, Past past, Timeline timeline, EvidenceFolder files) {
        ObjectNode document = JSON.createObjectNode();
        var decisions = document.putArray("decisions");
        timeline.entries().forEach(entry -> decisions.add(JSON.<JsonNode>valueToTree(entry.decision())));
        List<HistoryStatus> history =
                Optional.ofNullable(status.history()).orElse(List.of()).reversed();
        document.set("attempts", JSON.valueToTree(history));
        document.set("lastDecision", JSON.valueToTree(status.lastDecision()));
        document.set("lastCommand", JSON.valueToTree(status.lastCommand()));
        Optional<String> dropped = Optional.ofNullable(past.evidence().droppedUntil());
        dropped.ifPresent(until -> document.put("droppedUntil", until));
        files.add("timeline.json", document);
        Markup said = Markup.all(
                dropped.map(until -> Markup.element(
                                "p",
                                "The evidence has grown too large since: of what was up to %s not all is here any more."
                                        .formatted(until)))
                        .orElse(Markup.NOTHING),
                Markup.table(
                        List.of("", "at (UTC)", "decision", "weight", "why", "nearest signal", "asked for by"),
                        timeline.entries().stream().map(TimelinePart::row).toList()),
                attempts(history),
                Markup.element("p", Section.link("timeline.json", "timeline.json")));
        return new Section(TITLE, said, past.missing().stream().toList());
    }

    private static List<Markup> row(Timeline.Entry entry) {
        PastDecisionStatus decision = entry.decision();
        return List.of(
                Markup.element(
                        "span",
                        Map.of("class", "badge", "style", "background:" + SignalPanels.colour(entry)),
                        Markup.text(String.valueOf(entry.number()))),
                Markup.text(entry.at().toString()),
                Markup.element("b", text(decision.name()) + " (" + text(decision.reason()) + ")"),
                Markup.text(decision.weight() == null ? "" : decision.weight() + "%"),
                Markup.text(text(decision.message())),
                Markup.text(
                        decision.signal() == null
                                ? ""
                                : "%s (%s) %s of %s"
                                        .formatted(
                                                decision.signal(),
                                                decision.scope(),
                                                requireNonNullElse(decision.value(), "unknown"),
                                                decision.threshold())),
                Markup.text(requireNonNullElse(decision.by(), "")));
    }

    private static Markup attempts(List<HistoryStatus> history) {
        return history.isEmpty()
                ? Markup.NOTHING
                : Markup.all(
                        Markup.element("h3", "Attempts so far"),
                        Markup.table(
                                List.of("ended (UTC)", "revision", "outcome", "reason"),
                                history.stream()
                                        .map(each -> List.of(
                                                Markup.text(text(each.at())),
                                                Markup.text(text(each.revision())),
                                                Markup.text(text(each.outcome())),
                                                Markup.text(text(each.reason()))))
                                        .toList()));
    }

    private static String text(@Nullable String value) {
        return requireNonNullElse(value, "-");
    }
}
