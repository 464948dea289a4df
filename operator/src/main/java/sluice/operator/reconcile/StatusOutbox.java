package sluice.operator.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;

/**
 * What people must hear of goes into the status update that commits it, and out of it with a later one, once they were told. So nothing that
 * is committed is forgotten, whenever the operator dies, and no decision waits for anybody to be told.
 */
final class StatusOutbox {

    /**
     * A status to be written.
     *
     * @param lost what nobody will hear of once it is written
     */
    record Draft(RateLimitRolloutStatus status, List<Outbox.Lost> lost) {}

    private final Notifier notifier;
    private final ReportLink link;

    StatusOutbox(Notifier notifier, ReportLink link) {
        this.notifier = notifier;
        this.link = link;
    }

    /** A status that commits an evaluation, with what it gives people to hear. */
    Draft after(Observed observed, Evaluation evaluation, RateLimitRolloutStatus status, Instant now) {
        return draft(observed.rollout(), status, now, (settings, outbox) -> {
            var announcements = new Announcements(observed, evaluation, link, now);
            announcements.news().forEach(outbox::add);
            var notified = Notified.of(observed.rollout().getStatus()).after(evaluation);
            var hold = announcements.hold(notified);
            hold.ifPresent(outbox::add);
            if (hold.isPresent() && evaluation.decision() instanceof Decision.Hold why) {
                notified = notified.held(why.reason(), now);
            }
            var due = due(observed, notified, settings, now);
            due.ifPresent(at -> outbox.add(SnapshotText.notification(observed, evaluation, status, at, now)));
            return due.map(notified::reported).orElse(notified);
        });
    }

    /** When a snapshot was due that has not been made, as far as the status that is there tells. */
    static Optional<Instant> snapshotDue(RateLimitRollout rollout, Instant now) {
        return readable(rollout)
                .flatMap(settings -> Notified.of(rollout.getStatus()).snapshotDue(settings, now));
    }

    /** The same, once an evaluation is committed. One without figures waits for the next turn. */
    static Optional<Instant> snapshotDue(Observed observed, Evaluation evaluation, Instant now) {
        var notified = Notified.of(observed.rollout().getStatus()).after(evaluation);
        return readable(observed.rollout()).flatMap(settings -> due(observed, notified, settings, now));
    }

    private static Optional<Instant> due(
            Observed observed, Notified notified, NotificationSettings settings, Instant now) {
        return notified.snapshotDue(settings, now)
                .filter(_ -> observed.figures().isPresent());
    }

    /** A status that says that the resource cannot be worked with: people hear of it once for each time that it is changed. */
    Draft refused(RateLimitRollout rollout, String why, RateLimitRolloutStatus status, Instant now) {
        return draft(rollout, status, now, (_, outbox) -> {
            if (!Conditions.isInvalid(rollout)) {
                outbox.add(Announcements.invalid(rollout, why, now));
            }
            return Notified.of(rollout.getStatus());
        });
    }

    private Draft draft(
            RateLimitRollout rollout,
            RateLimitRolloutStatus status,
            Instant now,
            BiFunction<NotificationSettings, Outbox, Notified> news) {
        var condition = new DeliveryCondition(rollout, now);
        try {
            var settings = NotificationSettings.of(rollout);
            if (settings.isEmpty()) {
                return new Draft(status, List.of());
            }
            var outbox = Outbox.of(rollout.getStatus());
            outbox.settle(notifier);
            outbox.expire(now);
            var notified = news.apply(settings.get(), outbox);
            var edit = StatusEdit.of(status)
                    .put("pendingNotifications", outbox.toStatus())
                    .put("notified", notified.toStatus())
                    .put("conditions", condition.among(status, outbox, notifier.trouble(key(rollout))));
            return new Draft(edit.done(), outbox.lost());
        } catch (InvalidRolloutException e) {
            // No reason not to go on with the rollout, or back; what waits goes on waiting.
            var edit = StatusEdit.of(status)
                    .put("pendingNotifications", Outbox.of(rollout.getStatus()).toStatus())
                    .put("notified", Notified.of(rollout.getStatus()).toStatus())
                    .put("conditions", condition.invalid(status, e));
            return new Draft(edit.done(), List.of());
        }
    }

    /** Hands over what is committed and not told. */
    void deliver(RateLimitRollout rollout) {
        readable(rollout)
                .ifPresent(settings -> notifier.deliver(
                        key(rollout),
                        settings.channel(),
                        Outbox.of(rollout.getStatus()).pending()));
    }

    /** Hears which of them nobody will be told. */
    void lost(RateLimitRollout rollout, List<Outbox.Lost> lost) {
        lost.forEach(each -> notifier.lost(key(rollout), each.notification(), each.why()));
    }

    /** What is still to be told when a rollout goes, status and all, never will be. */
    void close(RateLimitRollout rollout) {
        var outbox = Outbox.of(rollout.getStatus());
        outbox.settle(notifier);
        lost(rollout, outbox.lost());
        lost(
                rollout,
                outbox.pending().stream()
                        .map(each -> new Outbox.Lost(each, "the rollout was deleted first"))
                        .toList());
    }

    private static Optional<NotificationSettings> readable(RateLimitRollout rollout) {
        try {
            return NotificationSettings.of(rollout);
        } catch (InvalidRolloutException saidInTheCondition) {
            return Optional.empty();
        }
    }

    private static String key(RateLimitRollout rollout) {
        return RolloutObserver.key(rollout).toString();
    }
}
