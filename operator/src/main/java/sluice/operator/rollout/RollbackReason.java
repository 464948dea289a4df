package sluice.operator.rollout;

import java.time.Instant;

/** Why a rollout goes back. */
public sealed interface RollbackReason {
    /** The {@link #reason} for missing data. */
    String NO_DATA = "NoData";
    /** The {@link #reason} for a failed hook. */
    String HOOK_FAILED = "HookFailed";
    /** The reason of a query that was broken. */
    String QUERY = "Query";

    /** A stop-loss rule was broken. */
    record StopLossBroken(Breach breach) implements RollbackReason {}

    /** Data were missing for too long. */
    record NoData(Instant missingSince, String why) implements RollbackReason {}

    /** Something kept the rollout from progressing for too long. */
    record ProgressDeadline(Instant stalledSince, String why) implements RollbackReason {}

    /**
     * A hook failed whose failure brings the stable limiter back.
     *
     * @param why which, and why it failed
     */
    record HookFailed(String why) implements RollbackReason {}

    /** Somebody said so. */
    record Aborted() implements RollbackReason {}

    /** What brought it back, by name: the signal's, {@code NoData}, {@code ProgressDeadlineExceeded}, {@value #HOOK_FAILED} or {@code Abort}. */
    default String cause() {
        return switch (this) {
            case StopLossBroken broken -> broken.breach().signal().text();
            case NoData _ -> NO_DATA;
            case ProgressDeadline _ -> "ProgressDeadlineExceeded";
            case HookFailed _ -> HOOK_FAILED;
            case Aborted _ -> "Abort";
        };
    }

    /** The same as a condition's reason, which may not be any name: {@value #QUERY} for every query. */
    default String reason() {
        return this instanceof StopLossBroken(Breach breach) && breach.signal() instanceof Signal.Query
                ? QUERY
                : cause();
    }

    /**
     * Whether the revision is not tried again until the limiter changes. Missing data say nothing about the candidate, so they do not
     * latch. A missed deadline does: trying again by itself would roll the pods over and over.
     */
    default boolean latches() {
        return !(this instanceof NoData);
    }
}
