package sluice.cli.backtest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.rollout.Gates;
import sluice.operator.rollout.Instructions;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.Signals;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.Strategy;

/** A rollout that never was: its candidate shows what the whole service showed, and nobody has a say in it. */
final class AsIf {
    private AsIf() {}

    /** The plan that time and its stop-loss alone carry: without gates, approvals and suspension. */
    static RolloutPlan plan(RolloutPlan plan) {
        List<Step> steps = plan.strategy().steps().stream()
                .map(step -> new Step(step.weight(), step.hold()))
                .toList();
        return new RolloutPlan(
                plan.candidate(),
                plan.initialStable(),
                new Strategy(plan.strategy().observe(), steps),
                plan.stopLoss(),
                Gates.NONE,
                Instructions.NONE);
    }

    /** What is read of the past: the whole service, whichever revisions it had then. */
    static SignalQuery query(String namespace, String rollout, boolean baseline) {
        return new SignalQuery(namespace, rollout, Optional.empty(), Optional.empty(), baseline, List.of());
    }

    /** The service's signals as the candidate's too. */
    static Signals signals(Signals service) {
        Map<Signals.Key, Reading> readings = new HashMap<>(service.readings());
        service.readings().forEach((key, reading) -> {
            if (key.scope() == Scope.SERVICE) {
                readings.put(new Signals.Key(key.signal(), Scope.CANDIDATE), reading);
            }
        });
        Map<Scope, Reading> requests = new HashMap<>(service.requests());
        requests.put(Scope.CANDIDATE, service.requests(Scope.SERVICE));
        return new Signals(
                readings,
                requests,
                service.baselines(),
                service.stepRequests(),
                service.busiestIdentity(),
                service.partial());
    }
}
