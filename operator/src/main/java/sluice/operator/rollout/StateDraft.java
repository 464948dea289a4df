package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A state being written; begins as a copy of another. */
final class StateDraft {
    private long epoch;
    private Limiter stable;
    private boolean stablePromoted;
    private boolean injectionWanted;
    private Progress progress;
    private Timers timers;
    private Orders orders;
    private Optional<Duration> maintenance;
    private Optional<DecisionNote> lastDecision;
    private Optional<Rollback> lastRollback;
    private final List<HistoryEntry> history;
    private List<HookRun> hooks;

    StateDraft(RolloutState from) {
        this.epoch = from.epoch();
        this.stable = from.stable();
        this.stablePromoted = from.stablePromoted();
        this.injectionWanted = from.injectionWanted();
        this.progress = from.progress();
        this.timers = from.timers();
        this.orders = from.orders();
        this.maintenance = from.maintenance();
        this.lastDecision = from.lastDecision();
        this.lastRollback = from.lastRollback();
        this.history = new ArrayList<>(from.history());
        this.hooks = from.hooks();
    }

    StateDraft nextEpoch() {
        epoch++;
        return this;
    }

    StateDraft stable(Limiter limiter, boolean promoted) {
        stable = limiter;
        stablePromoted = promoted;
        return this;
    }

    StateDraft injectionWanted(boolean wanted) {
        injectionWanted = wanted;
        return this;
    }

    StateDraft progress(Progress next) {
        progress = next;
        return this;
    }

    StateDraft timers(Timers next) {
        timers = next;
        return this;
    }

    StateDraft maintenance(Optional<Duration> retryAfter) {
        maintenance = retryAfter;
        return this;
    }

    StateDraft orders(Orders next) {
        orders = next;
        return this;
    }

    StateDraft decided(DecisionNote note) {
        lastDecision = Optional.of(note);
        return this;
    }

    StateDraft lastRollback(Rollback rollback) {
        lastRollback = Optional.of(rollback);
        return this;
    }

    StateDraft ended(String revision, String outcome, String reason, Instant at) {
        history.addFirst(new HistoryEntry(revision, outcome, reason, at));
        return this;
    }

    StateDraft hooks(List<HookRun> next) {
        hooks = next;
        return this;
    }

    RolloutState done() {
        return new RolloutState(
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
                hooks);
    }
}
