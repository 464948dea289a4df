package sluice.operator.rollout;

import java.time.Instant;

/** Puts decisions in words. */
final class DecisionNotes {
    private DecisionNotes() {}

    /** The note on a decision; it keeps its time while name and reason stay the same. */
    static DecisionNote of(Decision decision, RolloutState before, Instant now) {
        String name = decision.getClass().getSimpleName();
        String reason = reason(decision);
        Instant since = before.lastDecision()
                .filter(last -> last.name().equals(name) && last.reason().equals(reason))
                .map(DecisionNote::at)
                .orElse(now);
        return new DecisionNote(name, reason, message(decision, before), since);
    }

    private static String reason(Decision decision) {
        return switch (decision) {
            case Decision.Hold hold -> hold.reason();
            case Decision.Accept _ -> "SpecChanged";
            case Decision.Settle _ -> "AlreadyPromoted";
            case Decision.Inject _ -> "RolloutStarted";
            case Decision.Observe _ -> "SidecarsReady";
            case Decision.Start _ -> "BaselineFrozen";
            case Decision.Advance _ -> "HoldElapsed";
            case Decision.Promote _ -> "StepsCompleted";
            case Decision.Disarm _ -> "ArmedTimeOver";
            case Decision.RollBack back -> back.reason().reason();
            case Decision.FinishRollBack finish -> finish.proof().text();
            case Decision.StartOver _ -> "DataAvailable";
        };
    }

    private static String message(Decision decision, RolloutState before) {
        return switch (decision) {
            case Decision.Hold hold -> hold.message();
            case Decision.Accept accept -> "revision " + accept.candidate().revision() + " waits to begin";
            case Decision.Settle _ -> "revision " + before.stable().revision() + " is promoted already";
            case Decision.Inject inject ->
                "putting sidecars in place for revision " + inject.candidate().revision();
            case Decision.Observe _ -> "every pod has its sidecar; watching at weight 0";
            case Decision.Start start -> "first step: weight " + start.weight();
            case Decision.Advance advance -> "step %d: weight %d".formatted(advance.step() + 1, advance.weight());
            case Decision.Promote promote -> "revision " + promote.candidate().revision() + " is the stable limiter";
            case Decision.Disarm _ ->
                "revision " + before.stable().revision() + " stays; the stop-loss is no longer armed";
            case Decision.RollBack back -> Sentences.of(back.reason()) + whereTo(back, before);
            case Decision.FinishRollBack finish ->
                "every sidecar is back: " + finish.proof().text()
                        + before.lastRollback()
                                .map(rollback -> "; " + Sentences.of(rollback.reason()))
                                .orElse("");
            case Decision.StartOver over ->
                "data are back; revision " + over.candidate().revision() + " starts over";
        };
    }

    private static String whereTo(Decision.RollBack back, RolloutState before) {
        return before.armed()
                .map(armed -> "; back to revision " + armed.previousStable().revision())
                .orElse(back.removesSidecars() ? "; removing the sidecars" : "");
    }
}
