package sluice.operator.reconcile;

import java.util.List;
import java.util.Optional;

/**
 * Tells people what is committed, in its own time. What it knows may be lost at any moment: status has what is still to be told, and whoever
 * has not heard of a notification being over hands it over again.
 */
public interface Notifier {

    /** How a notification ended. */
    sealed interface Outcome {
        /** It was told. */
        record Sent() implements Outcome {}

        /** It never will be: trying again would not help. */
        record Refused(String why) implements Outcome {}
    }

    /**
     * Why nothing gets through at present.
     *
     * @param reason a condition's reason
     */
    record Trouble(String reason, String message) {}

    /**
     * Sees that these are told, unless that is being done, was done, or has failed too lately. Returns at once and never throws.
     *
     * @param rollout namespace and name, {@code apps/scholarship-api}
     * @param pending oldest first
     */
    void deliver(String rollout, String channel, List<Notification> pending);

    /** How it ended; empty while it has not, and for one that is no longer remembered. */
    Optional<Outcome> outcome(String id);

    /** What keeps the rollout's notifications from being told. */
    Optional<Trouble> trouble(String rollout);

    /** Hears of one that will not be told: nothing is given up in silence. */
    void lost(String rollout, Notification notification, String why);
}
