package sluice.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** The condition {@code NotificationsDelivered}: whether people hear of what they asked to hear of. */
final class DeliveryCondition {

    static final String TYPE = "NotificationsDelivered";
    static final String GIVEN_UP = "GivenUp";

    private final RateLimitRollout rollout;
    private final Instant now;

    DeliveryCondition(RateLimitRollout rollout, Instant now) {
        this.rollout = rollout;
        this.now = now;
    }

    /**
     * The conditions of a status, and this one.
     *
     * @param trouble what keeps notifications from being told, as far as is known: a process that has just begun knows nothing
     */
    List<Condition> among(RateLimitRolloutStatus status, Outbox outbox, Optional<Notifier.Trouble> trouble) {
        if (!outbox.lost().isEmpty()) {
            var lost = outbox.lost().getLast();
            var why = lost.why()
                    + trouble.map(known -> " (" + known.message() + ")").orElse("");
            return with(
                    status, "False", GIVEN_UP, why + ": " + lost.notification().text());
        }
        if (trouble.isPresent() && !outbox.pending().isEmpty()) {
            return with(status, "False", trouble.get().reason(), trouble.get().message());
        }
        var before = outbox.hasSent() ? Optional.<Condition>empty() : before();
        return before.map(known -> with(status, known.getStatus(), known.getReason(), known.getMessage()))
                .orElseGet(() -> with(status, "True", "Delivered", "nothing was given up, and nothing fails"));
    }

    /** The conditions of a status, and that the settings are not understood. */
    List<Condition> invalid(RateLimitRolloutStatus status, InvalidRolloutException problem) {
        return with(status, "False", "InvalidSettings", String.valueOf(problem.getMessage()));
    }

    private Optional<Condition> before() {
        return conditions(rollout.getStatus()).stream()
                .filter(each -> TYPE.equals(each.getType()))
                .findFirst();
    }

    private List<Condition> with(RateLimitRolloutStatus status, String holds, String reason, String message) {
        var own = new ConditionList(rollout, now);
        own.add(TYPE, holds, reason, message);
        var all = new ArrayList<>(conditions(status));
        all.removeIf(each -> TYPE.equals(each.getType()));
        all.addAll(own.all());
        return all;
    }

    private static List<Condition> conditions(@Nullable RateLimitRolloutStatus status) {
        return status == null || status.conditions() == null ? List.of() : status.conditions();
    }
}
