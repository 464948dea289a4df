package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator has decided and seen. It is also its memory: every decision is committed here before it is carried out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RateLimitRolloutStatus(
        @JsonPropertyDescription("The generation of the resource that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Pending, Injecting, Observing, Progressing, Paused, Baking, Promoted, RollingBack, RolledBack or Suspended.")
        @Nullable
        String phase,

        @JsonPropertyDescription(
                "Ready, Reconciling and Stalled as kstatus reads them, Progressing, SidecarsInSync, SignalsAvailable, Uninterrupted and RollbackVerified, HooksSucceeded where there are hooks, and NotificationsDelivered where there is spec.notifications.")
        @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("The limiter of the stable arm.") @Nullable
        LimiterStatus stable,

        @JsonPropertyDescription("The limiter being rolled out, or the one that was rolled back.") @Nullable
        LimiterStatus candidate,

        @JsonPropertyDescription(
                "The candidate before the one that waits, while there is no stable limiter: sidecars keep it at weight 0, so that its trusted proxies and exempt paths hold.")
        @Nullable
        LimiterStatus lastCandidate,

        @JsonPropertyDescription(
                "The stable limiter before the promotion, to go back to. Absent once spec.stopLoss.armedAfterPromotion is over.")
        @Nullable
        LimiterStatus previousStable,

        @JsonPropertyDescription("Share of callers that get the new limiter, in percent. 100 once promoted.") @Nullable
        Integer weight,

        @JsonPropertyDescription("Grows with every change of what sidecars must do.") @Nullable
        Long epoch,

        @JsonPropertyDescription("The present step, from 1. Absent before the first.") @Nullable
        Integer step,

        @JsonPropertyDescription("The present step and how many there are, as in 1/2.") @Nullable
        String stepText,

        @JsonPropertyDescription("How long until time alone lets the rollout go on, as in 4m10s.") @Nullable
        String nextIn,

        @JsonPropertyDescription("The signal nearest to its stop-loss, with its value and threshold.") @Nullable
        String worstSignal,

        @JsonPropertyDescription("How many pods have a sidecar, and how many do as told.") @Nullable
        SidecarsStatus sidecars,

        @JsonPropertyDescription("Whether the target's pods should have sidecars.") @Nullable
        Boolean injectionWanted,

        @JsonPropertyDescription("The strategy that the running attempt began with.") @Nullable
        PlanStatus plan,

        @JsonPropertyDescription("Every time that a decision depends on.") @Nullable
        TimersStatus timers,

        @JsonPropertyDescription(
                "What people have asked for that still holds: Suspended, Paused, AwaitingApproval, Approved, HoldSkipped, Full, Aborted.")
        @Nullable
        List<String> orders,

        @JsonPropertyDescription("The last command in the annotation sluice.dev/command, and what became of it.")
        @Nullable
        CommandStatus lastCommand,

        @JsonPropertyDescription("Every stop-loss rule's verdict at the last evaluation.") @Nullable
        List<SignalStatus> signals,

        @JsonPropertyDescription("What the service showed before the first step; frozen for the attempt.") @Nullable
        BaselineStatus baseline,

        @JsonPropertyDescription("What of spec.maintenance the sidecars are told. Absent while the service is open.")
        @Nullable
        Maintenance maintenance,

        @JsonPropertyDescription("The last decision and why.") @Nullable
        DecisionStatus lastDecision,

        @JsonPropertyDescription(
                "The decisions that changed something and the holds that were no matter of course, newest first, at most 24.")
        @Nullable
        List<PastDecisionStatus> decisions,

        @JsonPropertyDescription("The last rollback, with the samples that caused it.") @Nullable
        RollbackStatus lastRollback,

        @JsonPropertyDescription("How the last ten attempts ended, newest first.") @Nullable
        List<HistoryStatus> history,

        @JsonPropertyDescription("The hooks at the place where the rollout is, and how far they are.") @Nullable
        List<HookStatus> hooks,

        @JsonPropertyDescription("What people have not been told yet, oldest first, at most 20.") @Nullable
        List<PendingNotification> pendingNotifications,

        @JsonPropertyDescription("What people have been told of, so that it is not said again.") @Nullable
        NotifiedStatus notified,

        @JsonPropertyDescription(
                "How the service was at each snapshot of spec.notifications.snapshots, newest first, at most 12.")
        @Nullable
        List<SnapshotStatus> snapshots) {}
