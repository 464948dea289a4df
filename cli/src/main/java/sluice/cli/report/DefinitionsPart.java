package sluice.cli.report;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.Gate;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SignalName;
import sluice.operator.api.v1alpha1.SignalStatus;
import sluice.operator.api.v1alpha1.StopLossRule;

/** The stop-loss rules, gates and steps as the resource has them now, and what was last judged by them. */
final class DefinitionsPart {
    private static final JsonMapper JSON = new JsonMapper();

    private DefinitionsPart() {}

    static Section add(RateLimitRolloutSpec spec, Optional<RateLimitRolloutStatus> status, EvidenceFolder files) {
        ObjectNode document = JSON.createObjectNode();
        document.set("stopLoss", JSON.valueToTree(spec.stopLoss()));
        document.set("gates", JSON.valueToTree(spec.gates()));
        document.set("comparison", JSON.valueToTree(spec.comparison()));
        document.set("minimumRequests", JSON.valueToTree(spec.minimumRequests()));
        document.set("strategy", JSON.valueToTree(spec.strategy()));
        files.add("definitions.json", document);
        List<SignalStatus> judged = status.map(RateLimitRolloutStatus::signals).orElse(List.of());
        return Section.of(
                "Definitions",
                rules(spec),
                judged.isEmpty() ? Markup.NOTHING : judged(judged),
                Markup.element("p", Section.link("definitions.json", "definitions.json")));
    }

    private static Markup rules(RateLimitRolloutSpec spec) {
        List<List<Markup>> rows = new ArrayList<>();
        for (StopLossRule rule : spec.stopLoss().rules()) {
            rows.add(cells(
                    "stop-loss",
                    name(rule.signal(), rule.name()),
                    rule.timesBaseline() == null
                            ? "at or over " + rule.threshold()
                            : "at or over %s times its baseline, and at least %s"
                                    .formatted(rule.timesBaseline(), rule.minimum()),
                    "for " + rule.window()));
        }
        for (Gate gate : requireNonNullElse(spec.gates(), List.<Gate>of())) {
            rows.add(cells("gate", name(gate.signal(), gate.name()), "at most " + gate.max(), ""));
        }
        return Markup.table(List.of("kind", "signal", "value", "time"), rows);
    }

    private static String name(SignalName signal, @Nullable String query) {
        return query == null ? JSON.valueToTree(signal).asText() : query;
    }

    private static Markup judged(List<SignalStatus> signals) {
        return Markup.all(
                Markup.element("h3", "At the last evaluation"),
                Markup.table(
                        List.of("signal", "scope", "value", "threshold", "verdict"),
                        signals.stream()
                                .map(signal -> cells(
                                        text(signal.name()),
                                        text(signal.scope()),
                                        text(signal.value()),
                                        text(signal.threshold()),
                                        text(signal.verdict())
                                                + (signal.message() == null ? "" : ": " + signal.message())))
                                .toList()));
    }

    private static List<Markup> cells(String... texts) {
        return List.of(texts).stream().map(Markup::text).toList();
    }

    private static String text(@Nullable String value) {
        return requireNonNullElse(value, "-");
    }
}
