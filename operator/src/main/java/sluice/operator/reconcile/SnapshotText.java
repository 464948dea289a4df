package sluice.operator.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SnapshotStatus;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Sentences;

/** How a rollout is doing, in figures. */
public final class SnapshotText {

    private static final String UNKNOWN = "?";

    private SnapshotText() {}

    /**
     * What a status that is about to be committed says.
     *
     * @param due when it was due, which tells one from the next
     */
    static Notification notification(
            Observed observed, Evaluation evaluation, RateLimitRolloutStatus status, Instant due, Instant now) {
        var figures = observed.figures().orElseGet(() -> Figures.missing("not read"));
        var lines = new ArrayList<String>();
        evaluation.next().lastDecision().map(DecisionNote::message).ifPresent(lines::add);
        lines.add(service(SnapshotRecord.of(status, figures, due)));
        lines.addAll(figures(observed, evaluation));
        var text = new NotificationText(observed.rollout(), ReportLink.NONE).of(headline(status), lines);
        var id = ShortHash.of(observed.rollout().getMetadata().getUid(), "Snapshot", StatusText.of(due));
        return new Notification(id, Notification.Kind.SNAPSHOT, text, now, 0);
    }

    /** The whole service, in one line. */
    public static String service(SnapshotStatus snapshot) {
        return "5xx %s, P50 %s, P95 %s, P99 %s, auth failures %s, throttled %s, %s requests/s, backend %s"
                .formatted(
                        share(snapshot.errorRatio()),
                        time(snapshot.latencyP50()),
                        time(snapshot.latencyP95()),
                        time(snapshot.latencyP99()),
                        share(snapshot.authFailures()),
                        share(snapshot.throttledRatio()),
                        figure(snapshot.requests(), 1, ""),
                        backend(snapshot));
    }

    /** Where the limiter counts: {@code Redis (2 of 3 sidecars in fallback)}. Of none that is known to be is nothing said. */
    public static String backend(SnapshotStatus snapshot) {
        var backend = text(snapshot.backend());
        var fallback = snapshot.fallback();
        var asWanted = fallback == null ? !backend.equals("Redis") : fallback == 0;
        return asWanted
                ? backend
                : "%s (%s of %s sidecars in fallback)".formatted(backend, text(fallback), text(snapshot.sidecars()));
    }

    private static String text(@Nullable Object value) {
        return value == null ? UNKNOWN : value.toString();
    }

    private static String share(@Nullable String value) {
        return figure(value, 100, "%");
    }

    private static String time(@Nullable String value) {
        return figure(value, 1000, " ms");
    }

    private static String figure(@Nullable String value, double factor, String unit) {
        return value == null ? UNKNOWN : Sentences.figure(StatusText.decimal("snapshots", value) * factor) + unit;
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
