package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is committed of a rollout. A decision depends on this, the plan and what is observed, and on nothing else.
 *
 * @param epoch grows by one with every change of what sidecars must do
 * @param stable the stable arm's limiter
 * @param stablePromoted whether {@code stable} was promoted, rather than being the initial limiter
 * @param injectionWanted whether the target's pods should have sidecars
 * @param orders what people have asked for
 * @param maintenance present while the service is closed: what callers are told to wait
 * @param history newest first
 * @param hooks those of the present place
 */
public record RolloutState(
        long epoch,
        Limiter stable,
        boolean stablePromoted,
        boolean injectionWanted,
        Progress progress,
        Timers timers,
        Orders orders,
        Optional<Duration> maintenance,
        Optional<DecisionNote> lastDecision,
        Optional<Rollback> lastRollback,
        List<HistoryEntry> history,
        List<HookRun> hooks) {
    public RolloutState {
        hooks = List.copyOf(hooks);
        history = List.copyOf(history.subList(0, Math.min(history.size(), HistoryEntry.MAX)));
    }

    /** Without hooks. */
    public RolloutState(
            long epoch,
            Limiter stable,
            boolean stablePromoted,
            boolean injectionWanted,
            Progress progress,
            Timers timers,
            Orders orders,
            Optional<Duration> maintenance,
            Optional<DecisionNote> lastDecision,
            Optional<Rollback> lastRollback,
            List<HistoryEntry> history) {
        this(
                epoch,
                stable,
                stablePromoted,
                injectionWanted,
                progress,
                timers,
                orders,
                maintenance,
                lastDecision,
                lastRollback,
                history,
                List.of());
    }

    /** Of a service that is open. */
    public RolloutState(
            long epoch,
            Limiter stable,
            boolean stablePromoted,
            boolean injectionWanted,
            Progress progress,
            Timers timers,
            Orders orders,
            Optional<DecisionNote> lastDecision,
            Optional<Rollback> lastRollback,
            List<HistoryEntry> history) {
        this(
                epoch,
                stable,
                stablePromoted,
                injectionWanted,
                progress,
                timers,
                orders,
                Optional.empty(),
                lastDecision,
                lastRollback,
                history);
    }

    /**
     * The same state with the service closed, or open. That is a change of what sidecars must do, unless this state itself is one already
     * against {@code before}.
     */
    RolloutState maintained(Optional<Duration> wanted, RolloutState before) {
        if (maintenance.equals(wanted)) {
            return this;
        }
        var draft = new StateDraft(this).maintenance(wanted);
        return (epoch == before.epoch() ? draft.nextEpoch() : draft).done();
    }

    /** A rollout that nothing is known of yet. */
    public static RolloutState initial(Limiter stable, Instant now) {
        return new RolloutState(
                1,
                stable,
                false,
                false,
                new Progress.Pending(now),
                Timers.NONE,
                Orders.NONE,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** Of a target whose pods have sidecars already, which serve {@code stable}. */
    public static RolloutState injected(Limiter stable, Instant now) {
        return new StateDraft(initial(stable, now)).injectionWanted(true).done();
    }

    public Phase phase() {
        boolean waits = progress instanceof Progress.Running || progress instanceof Progress.Pending;
        if (waits && orders.has(Order.SUSPENDED)) {
            return Phase.SUSPENDED;
        }
        return waits && (orders.has(Order.PAUSED) || orders.has(Order.AWAITING_APPROVAL)) ? Phase.PAUSED : stage();
    }

    private Phase stage() {
        return switch (progress) {
            case Progress.Pending _ -> Phase.PENDING;
            case Progress.Injecting _ -> Phase.INJECTING;
            case Progress.Observing _ -> Phase.OBSERVING;
            case Progress.Progressing _ -> Phase.PROGRESSING;
            case Progress.Baking _ -> Phase.BAKING;
            case Progress.Promoted _ -> Phase.PROMOTED;
            case Progress.RollingBack _ -> Phase.ROLLING_BACK;
            case Progress.RolledBack _ -> Phase.ROLLED_BACK;
        };
    }

    /** The candidate, at whatever weight. Present while running and after a rollback, absent after a promotion. */
    public Optional<Limiter> candidate() {
        return switch (progress) {
            case Progress.Running running -> Optional.of(running.run().candidate());
            case Progress.RollingBack back -> Optional.of(back.candidate());
            case Progress.RolledBack back -> Optional.of(back.candidate());
            case Progress.Pending _, Progress.Promoted _ -> Optional.empty();
        };
    }

    /** The candidate that sidecars know: also the last one, while the next waits and there is no stable limiter. */
    public Optional<Limiter> servedCandidate() {
        return candidate().or(() -> progress instanceof Progress.Pending pending ? pending.last() : Optional.empty());
    }

    /**
     * What sidecars keep at weight 0 of a candidate that is dropped where there is no stable limiter: nobody else says which proxies are trusted, and the app would
     * see the load balancer as every request's client.
     */
    public Optional<Limiter> lastCandidate() {
        return stable.equals(Limiter.OFF) ? servedCandidate() : Optional.empty();
    }

    /** When time alone lets the rollout go on: at the end of the observation, or of the present step's hold. */
    public Optional<Instant> nextAt() {
        return switch (progress) {
            case Progress.Observing(Run run, Instant since) ->
                Optional.of(since.plus(run.strategy().observe()));
            case Progress.Exposed exposed ->
                Optional.of(
                        exposed.canary().holdStartedAt().plus(exposed.present().hold()));
            case Progress.Pending _,
                    Progress.Injecting _,
                    Progress.Promoted _,
                    Progress.RollingBack _,
                    Progress.RolledBack _ -> Optional.empty();
        };
    }

    /** What status shows, in percent: 100 once promoted. */
    public int weight() {
        return progress instanceof Progress.Promoted ? 100 : sidecarWeight();
    }

    /** What the sidecars' document says, in percent: 0 once promoted, because there is no candidate any more. */
    public int sidecarWeight() {
        return progress instanceof Progress.Exposed exposed ? exposed.weight() : 0;
    }

    /** Whether a decision can depend on signals. */
    public boolean isWatched() {
        return switch (progress) {
            case Progress.Running _ -> true;
            case Progress.Pending _ -> injectionWanted;
            case Progress.RolledBack _ -> startsOver();
            case Progress.Promoted promoted -> promoted.armed().isPresent();
            case Progress.RollingBack _ -> false;
        };
    }

    /** Whether what was rolled back is tried again by itself. */
    public boolean startsOver() {
        return switch (progress) {
            case Progress.RollingBack back -> startsOver(back.rollback());
            case Progress.RolledBack back -> startsOver(back.rollback());
            case Progress.Pending _, Progress.Running _, Progress.Promoted _ -> false;
        };
    }

    private boolean startsOver(Rollback rollback) {
        return !rollback.reason().latches() && !orders.has(Order.ABORTED);
    }

    /** Whose requests say something about it. */
    List<Scope> watchedScopes() {
        return progress instanceof Progress.Exposed ? List.of(Scope.CANDIDATE, Scope.SERVICE) : List.of(Scope.SERVICE);
    }

    /** Present while a broken rule still takes a promoted limiter back. */
    Optional<Armed> armed() {
        return progress instanceof Progress.Promoted promoted ? promoted.armed() : Optional.empty();
    }

    /** What the service showed before the candidate's first step, as long as rules are compared with it. */
    Optional<Baseline> baseline() {
        return progress instanceof Progress.Exposed exposed
                ? Optional.of(exposed.canary().baseline())
                : armed().map(Armed::baseline);
    }

    /** Whether sidecars keep the candidate only while they hear from the operator. */
    public boolean needsLease() {
        return sidecarWeight() > 0;
    }

    /** The same state, its rollback marked as sent to the API server at {@code now} unless it already was. */
    public RolloutState committedAt(Instant now) {
        if (progress instanceof Progress.RollingBack(Limiter candidate, Rollback rollback)
                && rollback.committedAt().isEmpty()) {
            Rollback committed = rollback.committedAt(now.truncatedTo(ChronoUnit.MILLIS));
            return new StateDraft(this)
                    .lastRollback(committed)
                    .progress(new Progress.RollingBack(candidate, committed))
                    .done();
        }
        return this;
    }
}
