package sluice.operator.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.Acks;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.Streams;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.SignalReader;
import sluice.operator.rollout.Signals;

/** Looks at a rollout, its target, its sidecars and, where a decision needs them, its signals. Changes nothing. */
final class RolloutObserver {

    private final Cluster cluster;
    private final HookJobs hooks;
    private final Streams streams;
    private final Acks acks;
    private final SignalReader signals;
    private final InjectionSettings injection;
    private final Supplier<List<Blocker>> ownBlockers;

    /**
     * Observes through these.
     *
     * @param ownBlockers what keeps the operator itself from beginning anything
     */
    RolloutObserver(
            Cluster cluster,
            HookJobs hooks,
            Streams streams,
            Acks acks,
            SignalReader signals,
            InjectionSettings injection,
            Supplier<List<Blocker>> ownBlockers) {
        this.cluster = cluster;
        this.hooks = hooks;
        this.streams = streams;
        this.acks = acks;
        this.signals = signals;
        this.injection = injection;
        this.ownBlockers = ownBlockers;
    }

    /**
     * Observes.
     *
     * @param memory of the last turn
     * @throws InvalidRolloutException when the resource asks for what admission should have refused
     */
    Observed observe(RateLimitRollout rollout, TurnMemory memory, Instant now) {
        var plan = plan(rollout);
        var key = key(rollout);
        var target = target(rollout);
        var committed = state(rollout, plan, target, now);
        var state = memory.look().map(look -> look.in(committed)).orElse(committed);
        var census = census(rollout, state, target);
        var watched = state.isWatched();
        var seen = watched
                ? signals.read(
                        SignalQuery.of(key.namespace(), key.name(), plan, state, census.readySince(), now), plan, now)
                : Signals.missing("not read in phase " + state.phase().text());
        var observation = new Observation(
                census.sidecars(),
                seen,
                blockers(rollout, memory.problem(), plan, state, target),
                !census.mayExpose() && streams.leasesOver(key, state.epoch()),
                hooks.seen(rollout, state));
        return new Observed(
                rollout,
                key,
                plan,
                state,
                observation,
                census,
                target,
                watched,
                injection.image(),
                figures(rollout, plan, watched && seen.readings().isEmpty(), now));
    }

    /** Where a snapshot is due. A Prometheus that has just had nothing to say is not asked once more: no decision waits for figures. */
    private Optional<Figures> figures(RateLimitRollout rollout, RolloutPlan plan, boolean blind, Instant now) {
        var key = key(rollout);
        return StatusOutbox.snapshotDue(rollout, now)
                .map(_ -> blind
                        ? Figures.missing("no signal could be read")
                        : signals.figures(key.namespace(), key.name(), plan, now));
    }

    static RolloutKey key(RateLimitRollout rollout) {
        return new RolloutKey(
                rollout.getMetadata().getNamespace(), rollout.getMetadata().getName());
    }

    Optional<Target> target(RateLimitRollout rollout) {
        return cluster.target(
                rollout.getMetadata().getNamespace(), rollout.getSpec().targetRef());
    }

    /** The committed state, whatever the resource asks for now; for one that nothing is known of, where it begins. */
    RolloutState state(RateLimitRollout rollout, RolloutPlan plan, Optional<Target> target, Instant now) {
        return CommittedState.of(rollout).orElseGet(() -> restored(rollout, plan, target, now));
    }

    private RolloutState restored(RateLimitRollout rollout, RolloutPlan plan, Optional<Target> target, Instant now) {
        var labelled = target.flatMap(
                        found -> TargetLabel.of(found, rollout.getMetadata().getName()))
                .isPresent();
        return RestoredState.of(rollout, cluster.bootstrap(key(rollout)), labelled, plan.initialStable(), now);
    }

    SidecarCensus census(RateLimitRollout rollout, RolloutState state, Optional<Target> target) {
        // While something is on its way, a pod with an older label is a pod that is still to be replaced.
        var label = state.progress() instanceof Progress.Running
                ? Optional.of(TargetLabel.wanted(target, state, rollout, injection))
                : Optional.<String>empty();
        var key = key(rollout);
        return SidecarCensus.of(cluster.pods(key), target, label, state.epoch(), streams.connectedPods(key), acks);
    }

    private List<Blocker> blockers(
            RateLimitRollout rollout,
            Optional<Blocker> problem,
            RolloutPlan plan,
            RolloutState state,
            Optional<Target> target) {
        var blockers = new ArrayList<Blocker>(ownBlockers.get());
        problem.ifPresent(blockers::add);
        blockers.addAll(new TargetBlockers(rollout, state, cluster, injection).find(target));
        blockers.addAll(signals.blockers(plan));
        return blockers;
    }

    static Optional<String> command(RateLimitRollout rollout) {
        return Optional.ofNullable(rollout.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(PlanMapping.COMMAND));
    }

    private static RolloutPlan plan(RateLimitRollout rollout) {
        if (rollout.getSpec() == null) {
            throw new InvalidRolloutException("spec cannot be read; it was stored by another version of the schema");
        }
        try {
            return PlanMapping.toPlan(rollout.getSpec(), command(rollout));
        } catch (IllegalArgumentException e) {
            throw new InvalidRolloutException(String.valueOf(e.getMessage()), e);
        }
    }
}
