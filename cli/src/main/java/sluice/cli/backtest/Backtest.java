package sluice.cli.backtest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutDecider;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.Signals;

/** The operator's own decision core over the past: one imaginary rollout after another, each begun when the one before has ended. */
final class Backtest {
    private static final Sidecars IN_SYNC = new Sidecars(1, 1, 1, 1);
    private static final Sidecars GONE = new Sidecars(1, 0, 0, 0);
    /** More decisions than this never follow from one another without time passing. */
    private static final int MOST_AT_ONCE = 10;

    private final RolloutPlan plan;
    private final BiFunction<RolloutState, Instant, Signals> past;
    private final Findings findings;
    private RolloutState state;

    /**
     * A backtest.
     *
     * @param past what was to be read at a moment, for a decision from a state
     */
    Backtest(RolloutPlan plan, Instant from, BiFunction<RolloutState, Instant, Signals> past) {
        this.plan = AsIf.plan(plan);
        this.past = past;
        this.findings = new Findings(this.plan);
        this.state = fresh(from);
    }

    // Nothing was promoted before, so that the service is looked at before each begins.
    private static RolloutState fresh(Instant now) {
        return RolloutState.initial(Limiter.OFF, now);
    }

    /** Evaluates every interval. */
    Findings run(Instant from, Instant to) {
        Duration interval = plan.stopLoss().interval();
        for (Instant now = from; !now.isAfter(to); now = now.plus(interval)) {
            Signals seen = past.apply(state, now);
            findings.look(seen);
            settle(seen, now);
        }
        findings.end();
        return findings;
    }

    // As the operator does: a decision is followed by another look at once.
    private void settle(Signals seen, Instant now) {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Evaluation evaluation =
                    RolloutDecider.decide(plan, state, new Observation(sidecars(), seen, List.of()), now);
            findings.tell(state, evaluation, now);
            boolean over = evaluation.decision() instanceof Decision.Promote
                    || (evaluation.next().progress() instanceof Progress.RolledBack back
                            && back.rollback().reason().latches());
            state = over ? fresh(now) : evaluation.next();
            if (over || evaluation.decision() instanceof Decision.Hold) {
                return;
            }
        }
    }

    private Sidecars sidecars() {
        return state.progress() instanceof Progress.RollingBack ? GONE : IN_SYNC;
    }
}
