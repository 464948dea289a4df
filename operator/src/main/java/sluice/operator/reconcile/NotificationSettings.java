package sluice.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import sluice.operator.api.v1alpha1.Notifications;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.Slack;
import sluice.operator.api.v1alpha1.Snapshots;

/**
 * Who is told, and what besides decisions.
 *
 * @param channel the Slack channel
 */
record NotificationSettings(String channel, Optional<Cadence> snapshots) {

    /**
     * When snapshots are due: a whole number of times {@code every} after a rollout began, until {@code during} is over.
     */
    record Cadence(Duration every, Duration during) {

        /**
         * The latest time up to now at which one was due. One that was missed is made up for until the next would have been due, also the
         * last.
         */
        Optional<Instant> due(Instant since, Instant now) {
            var gone = Duration.between(since, now);
            var last = during.dividedBy(every);
            var number = Math.min(gone.dividedBy(every), last);
            return number < 1 || gone.dividedBy(every) > last
                    ? Optional.empty()
                    : Optional.of(since.plus(every.multipliedBy(number)));
        }
    }

    /**
     * Empty when nobody is to be told.
     *
     * @throws InvalidRolloutException naming the field and what would be right, for what admission did not see
     */
    static Optional<NotificationSettings> of(RateLimitRollout rollout) {
        return Optional.ofNullable(rollout.getSpec())
                .flatMap(spec -> Optional.ofNullable(spec.notifications()))
                .map(NotificationSettings::read);
    }

    private static NotificationSettings read(Notifications told) {
        var channel = Optional.ofNullable(told.slack())
                .map(Slack::channel)
                .orElseThrow(() -> new InvalidRolloutException("spec.notifications.slack.channel: is missing;"
                        + " name one such as #oncall, or remove spec.notifications"));
        try {
            return new NotificationSettings(
                    channel, Optional.ofNullable(told.snapshots()).map(NotificationSettings::cadence));
        } catch (IllegalArgumentException e) {
            throw new InvalidRolloutException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Cadence cadence(Snapshots snapshots) {
        return new Cadence(
                PlanMapping.positive("spec.notifications.snapshots.every", snapshots.every()),
                PlanMapping.positive("spec.notifications.snapshots.during", snapshots.during()));
    }
}
