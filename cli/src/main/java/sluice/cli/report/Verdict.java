package sluice.cli.report;

import static sluice.cli.report.Markup.element;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sluice.cli.RolloutView;
import sluice.cli.explain.Outlook;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;

/**
 * How a rollout is, before anything else.
 *
 * @param tone good, bad or open
 */
record Verdict(String tone, String headline, List<String> sentences) {
    Verdict {
        sentences = List.copyOf(sentences);
    }

    static Verdict of(RolloutView rollout, Optional<Timeline> timeline) {
        String next = "Next: " + new Outlook(rollout).sentence() + ".";
        RateLimitRolloutStatus status = rollout.status().orElse(null);
        if (status == null) {
            return new Verdict("open", "Not begun", List.of(next));
        }
        Optional<RollbackStatus> rollback = Optional.ofNullable(status.lastRollback());
        return switch (rollout.phase()) {
            case "Promoted" ->
                new Verdict(
                        "good",
                        "Promoted: everyone has revision " + rollout.revision().orElse("?"),
                        List.of(confirmation(timeline), next));
            case "RolledBack", "RollingBack" ->
                new Verdict(
                        "bad",
                        (rollout.phase().equals("RolledBack") ? "Rolled back" : "Rolling back")
                                + rollback.map(back -> " from weight " + back.fromWeight())
                                        .orElse(""),
                        rollback.map(back -> List.of(String.valueOf(back.message()), howLong(back), next))
                                .orElse(List.of(next)));
            default -> new Verdict("open", rollout.place(), List.of(confirmation(timeline), next));
        };
    }

    private static String confirmation(Optional<Timeline> timeline) {
        List<Timeline.Entry> attempt = timeline.map(Timeline::attempt).orElse(List.of());
        if (attempt.isEmpty()) {
            return "Status has no decision of it.";
        }
        return attempt.stream().anyMatch(entry -> entry.is("RollBack"))
                ? "It went back since it began: see the decisions."
                : String.format(
                        Locale.ROOT,
                        "No stop-loss rule has been broken since it began at %s, in %d decisions.",
                        attempt.getFirst().at(),
                        attempt.size());
    }

    private static String howLong(RollbackStatus back) {
        Optional<Instant> decided = Timeline.time(back.decidedAt());
        Optional<Instant> finished = Timeline.time(back.finishedAt());
        return decided.flatMap(from -> finished.map(to -> String.format(
                        Locale.ROOT,
                        "Decided at %s; every sidecar was back %d ms later (%s).",
                        from,
                        Duration.between(from, to).toMillis(),
                        back.proof())))
                .orElse("Not every sidecar has said yet that it is back.");
    }

    Markup markup() {
        return element(
                "div",
                Map.of("class", "verdict " + tone),
                element("h1", headline),
                Markup.all(sentences.stream().map(each -> element("p", each)).toList()));
    }
}
