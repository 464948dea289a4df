package sluice.operator.simulation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.control.Leadership;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.StreamDesk;
import sluice.operator.reconcile.DrivenLoop;
import sluice.operator.reconcile.FakeNotifier;
import sluice.operator.reconcile.LoopMeter;
import sluice.operator.reconcile.ReportLink;
import sluice.operator.reconcile.RolloutReconciler;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Sidecars;

/**
 * Gives the rollout its turns, as the operator framework does: one at a time, when something has changed and when its time has come; and
 * keeps what its own writes were answered with.
 */
final class Turns {

    private static final InjectionSettings INJECTION =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://sluice-control:9443");
    private static final long NUDGE = 20;
    private static final LoopMeter NO_METER = new LoopMeter() {
        @Override
        public void evaluated(Duration took, Duration late) {}

        @Override
        public void decided(RolloutKey rollout, Evaluation evaluation, Sidecars sidecars) {}

        @Override
        public void forgotten(RolloutKey rollout) {}

        @Override
        public void ended(String result) {}
    };

    private final World world;
    private final OperatorProcess owner;
    private final View view;
    private final Writes writes;
    private final SignalsAsSeen signals;
    private final DrivenLoop loop;
    private boolean turning;
    private boolean again;
    private long nextTurn = Long.MAX_VALUE;
    private long number;

    /** Lists everything, and begins. */
    Turns(World world, OperatorProcess owner, StreamDesk desk, Leadership leadership, InstantSource clock) {
        this.world = world;
        this.owner = owner;
        view = new View(world, owner);
        writes = new Writes(world, owner);
        signals = new SignalsAsSeen(world, owner);
        var parts = new RolloutReconciler.Parts(
                writes,
                desk.streams(),
                desk.acks(),
                signals,
                INJECTION,
                () -> "PEM",
                List::of,
                leadership,
                new FakeNotifier(),
                ReportLink.NONE,
                NO_METER,
                clock);
        loop = new DrivenLoop(view, parts, world.random);
        turnIn(0);
    }

    void changed(ApiServer.Kind kind) {
        view.changed(kind);
    }

    boolean isUpToDate() {
        return view.isUpToDate();
    }

    void nudge() {
        turnIn(NUDGE);
    }

    private void turnIn(long millis) {
        var at = world.time.now() + millis;
        if (at < nextTurn) {
            nextTurn = at;
            var turn = ++number;
            world.time.after(millis, () -> owner.run(() -> begin(turn)));
        }
    }

    private void begin(long turn) {
        if (turn == number) {
            nextTurn = Long.MAX_VALUE;
            again = turning;
            if (!turning) {
                turn();
            }
        }
    }

    private void turn() {
        turning = true;
        world.time.note(() -> owner + " takes a turn");
        var next = taken();
        turning = false;
        next.ifPresent(wait -> turnIn(wait.toMillis()));
        if (again) {
            nudge();
        }
    }

    private Optional<Duration> taken() {
        return view.rollout()
                .map(ApiServer::copy)
                .map(rollout ->
                        rollout.getMetadata().getDeletionTimestamp() == null ? reconcile(rollout) : cleanUp(rollout));
    }

    private Duration reconcile(RateLimitRollout rollout) {
        signals.forget();
        var base = rollout.getMetadata().getResourceVersion();
        var pods = view.pods(Workload.KEY);
        return loop.turn(rollout, changed -> {
            var stored = writes.status(changed, new ApiServer.Origin(owner, base, signals.look(), pods));
            view.own(stored);
            return ApiServer.copy(stored);
        });
    }

    private Duration cleanUp(RateLimitRollout rollout) {
        var next = loop.farewell(rollout);
        if (next.isEmpty()) {
            removeFinalizer(rollout);
        }
        return next.orElse(Duration.ofSeconds(1));
    }

    private void removeFinalizer(RateLimitRollout rollout) {
        try {
            writes.removeFinalizer(rollout);
        } catch (KubernetesClientException e) {
            world.time.note(() -> owner + " could not remove the finalizer: " + e.getMessage());
        }
    }
}
