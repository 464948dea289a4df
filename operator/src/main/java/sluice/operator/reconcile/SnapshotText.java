package sluice.operator.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Sentences;

/** How a rollout is doing, in figures. */
final class SnapshotText {

    private SnapshotText() {}

    /**
     * What a status that is about to be committed says.
     *
     * @param due when it was due, which tells one from the next
     */
    static Notification notification(
            Observed observed, Evaluation evaluation, RateLimitRolloutStatus status, Instant due, Instant now) {
        var lines = new ArrayList<String>();
        evaluation.next().lastDecision().map(DecisionNote::message).ifPresent(lines::add);
        lines.add(service(observed.figures().orElseGet(() -> Figures.missing("not read"))));
        lines.addAll(figures(observed, evaluation));
        var text = new NotificationText(observed.rollout(), ReportLink.NONE).of(headline(status), lines);
        var id = ShortHash.of(observed.rollout().getMetadata().getUid(), "Snapshot", StatusText.of(due));
        return new Notification(id, Notification.Kind.SNAPSHOT, text, now, 0);
    }

    /** The whole service, in one line. */
    private static String service(Figures figures) {
        return "5xx %s, P50 %s, P95 %s, P99 %s, auth failures %s, throttled %s, %s requests/s"
                .formatted(
                        share(figures.errorRatio()),
                        time(figures.latencyP50()),
                        time(figures.latencyP95()),
                        time(figures.latencyP99()),
                        share(figures.authFailures()),
                        share(figures.throttledRatio()),
                        figure(figures.requests(), 1, ""));
    }

    private static String share(Reading reading) {
        return figure(reading, 100, "%");
    }

    private static String time(Reading reading) {
        return figure(reading, 1000, " ms");
    }

    private static String figure(Reading reading, double factor, String unit) {
        return reading instanceof Reading.Value(Samples samples)
                ? Sentences.figure(samples.last().value() * factor) + unit
                : "?";
    }

    private static String headline(RateLimitRolloutStatus status) {
        var step = Optional.ofNullable(status.stepText())
                .map(text -> ", step " + text)
                .orElse("");
        var left = Optional.ofNullable(status.nextIn())
                .map(text -> ", next in " + text)
                .orElse("");
        return "%s at weight %d%s%s".formatted(status.phase(), status.weight(), step, left);
    }

    /** The worst comes first, so that a text that is too long loses what is well. */
    private static List<String> figures(Observed observed, Evaluation evaluation) {
        return observed.watched()
                ? evaluation.findings().stream().map(Sentences::of).toList()
                : List.of("signals are not looked at in this phase");
    }
}
