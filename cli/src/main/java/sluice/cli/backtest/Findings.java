package sluice.cli.backtest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sentences;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.StopLossRule;

/** What a backtest finds: rollbacks, near misses, and how much each signal varies. */
final class Findings {
    private static final int MOST_KEPT = 50;

    private final Map<String, Noise> noise = new LinkedHashMap<>();
    private final Map<String, Spell> spells = new LinkedHashMap<>();
    private final List<WouldBeRollback> rollbacks = new ArrayList<>();
    private final List<NearMiss> nearMisses = new ArrayList<>();
    private int begun;
    private int promoted;
    private int rolledBack;
    private int missed;
    private Instant startedAt = Instant.EPOCH;

    Findings(RolloutPlan plan) {
        for (StopLossRule rule : plan.stopLoss().rules()) {
            noise.put(rule.signal().text(), new Noise(rule));
            spells.put(rule.signal().text(), new Spell(rule, plan.stopLoss().interval()));
        }
    }

    /** Takes note of a moment's values. */
    void look(Signals seen) {
        noise.values().forEach(each -> each.look(seen));
    }

    /** Takes note of a decision. */
    void tell(RolloutState before, Evaluation evaluation, Instant now) {
        evaluation.findings().forEach(finding -> {
            Optional.ofNullable(noise.get(finding.signal().text())).ifPresent(each -> each.compare(finding));
        });
        spells.values().forEach(spell -> spell.look(evaluation.findings(), now).ifPresent(this::keep));
        switch (evaluation.decision()) {
            case Decision.Inject _, Decision.StartOver _ -> {
                begun++;
                startedAt = now;
            }
            case Decision.Promote _ -> promoted++;
            case Decision.RollBack(RollbackReason reason, boolean _) -> {
                rolledBack++;
                if (rollbacks.size() < MOST_KEPT) {
                    rollbacks.add(rollback(before, reason, now));
                }
            }
            default -> {}
        }
    }

    private WouldBeRollback rollback(RolloutState before, RollbackReason reason, Instant now) {
        Optional<Breach> breach =
                reason instanceof RollbackReason.StopLossBroken(Breach broken) ? Optional.of(broken) : Optional.empty();
        return new WouldBeRollback(
                now,
                startedAt,
                before.phase().text(),
                before.weight(),
                reason.cause(),
                breach.map(Breach::value),
                breach.map(Breach::threshold),
                Sentences.of(reason));
    }

    private void keep(NearMiss miss) {
        missed++;
        nearMisses.add(miss);
        nearMisses.sort(Comparator.comparingDouble(NearMiss::share).reversed());
        if (nearMisses.size() > MOST_KEPT) {
            nearMisses.removeLast();
        }
    }

    /** Nothing more comes. */
    void end() {
        spells.values().forEach(spell -> spell.end().ifPresent(this::keep));
    }

    int begun() {
        return begun;
    }

    int promoted() {
        return promoted;
    }

    int rolledBack() {
        return rolledBack;
    }

    /** How many breaches ended before their rule was broken. */
    int missed() {
        return missed;
    }

    /** In the order of time, at most 50. */
    List<WouldBeRollback> rollbacks() {
        return rollbacks;
    }

    /** The nearest first, at most 50. */
    List<NearMiss> nearMisses() {
        return nearMisses;
    }

    /** In the order of the rules. */
    List<Noise.Figures> noise() {
        return noise.values().stream().map(Noise::figures).toList();
    }
}
