package sluice.operator.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.SignalReader;
import sluice.operator.rollout.Signals;

/** Prometheus as one process reaches it: late, away, or answering in part. */
final class SignalsAsSeen implements SignalReader {

    private static final long PATIENCE = 3_000;

    /**
     * One reading.
     *
     * @param complete whether nothing was missing
     */
    record Look(Instant at, boolean complete) {}

    private final World world;
    private final OperatorProcess owner;
    private Optional<Look> look = Optional.empty();

    SignalsAsSeen(World world, OperatorProcess owner) {
        this.world = world;
        this.owner = owner;
    }

    /** Another turn begins. */
    void forget() {
        look = Optional.empty();
    }

    /** What this turn has read. */
    Optional<Look> look() {
        return look;
    }

    @Override
    public Signals read(SignalQuery query, RolloutPlan plan, Instant now) {
        owner.boundary("read signals");
        if (world.prometheus.isAway() || world.faults.strike(Faults.Kind.NO_DATA, 4)) {
            world.time.pass(world.faults.millis(0, PATIENCE));
            owner.boundary("signals missing");
            look = Optional.of(new Look(world.time.instant(), false));
            return Signals.missing("Prometheus does not answer");
        }
        var answer = world.prometheus.answer(query, now);
        var partial = world.faults.strike(Faults.Kind.NO_DATA, 8);
        look = Optional.of(new Look(world.time.instant(), !partial));
        return partial ? answer.partial("1 of 2 pods were scraped") : answer;
    }

    /** Only read where people are to be told, which no story asks for. */
    @Override
    public Figures figures(String namespace, String rollout, RolloutPlan plan, Instant now) {
        return Figures.missing("not simulated");
    }

    @Override
    public List<Blocker> blockers(RolloutPlan plan) {
        return List.of();
    }
}
