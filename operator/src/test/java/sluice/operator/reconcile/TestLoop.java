package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sluice.operator.admission.InjectionSettings;
import sluice.operator.api.v1alpha1.PendingNotification;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.control.Ack;
import sluice.operator.control.Acks;
import sluice.operator.control.FakeLeadership;
import sluice.operator.control.RolloutKey;
import sluice.operator.control.Streams;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Sidecars;

/** The loop over a world in memory, with sidecars that do as they are told, a clock that a test sets, and an operator that can die. */
final class TestLoop {

    static final String SPEC = """
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
            strategy: {observe: 1m, steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 2m}]}
            stopLoss: {rules: [{signal: ErrorRatio, threshold: "0.01", for: 1m}], noData: {rollBackAfter: 1m}}
            """;
    static final String TOLD = SPEC + "notifications: {slack: {channel: '#oncall'}}\n";

    static final ReportLink REPORTS = ReportLink.of("https://reports.example/{namespace}/{name}/{revision}?from=slack");

    /** Where a turn ends early. */
    enum Crash {
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    /** The process has died. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final InjectionSettings INJECTION =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://sluice-control:9443");

    final FakeWorld world = new FakeWorld();
    final FakeSignals signals = new FakeSignals();
    final FakeLeadership leadership = new FakeLeadership();
    /** Every status that was stored. */
    final List<RateLimitRolloutStatus> written = new ArrayList<>();

    FakeNotifier notifier = new FakeNotifier();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /** How many sidecars acknowledge what they are told; the others are silent. */
    int acknowledging = Integer.MAX_VALUE;

    /** What the log of each sidecar last said of failures. */
    Map<String, List<String>> failures = Map.of();

    RateLimitRollout rollout;
    private final Acks acks = new Acks();
    private RolloutLoop loop;

    TestLoop(String spec) {
        rollout = FakeWorld.rollout(spec);
        loop = newLoop();
    }

    void change(String spec) {
        rollout.setSpec(FakeWorld.spec(spec));
        rollout.getMetadata().setGeneration(rollout.getMetadata().getGeneration() + 1);
    }

    void say(String command) {
        rollout.getMetadata().getAnnotations().put(PlanMapping.COMMAND, command);
    }

    /** One turn on a copy of the resource, after which sidecars have acknowledged. */
    Duration turn(@Nullable Crash crash) {
        var seen = copy();
        var next = loop.turn(seen, changed -> {
            if (crash == Crash.BEFORE_COMMIT) {
                throw new Died();
            }
            rollout.setStatus(stored(changed.getStatus()));
            written.add(changed.getStatus());
            if (crash == Crash.AFTER_COMMIT) {
                throw new Died();
            }
            return changed;
        });
        if (crash != null) {
            restart();
        }
        settle();
        return next;
    }

    void turn() {
        turn(null);
    }

    Optional<Duration> farewell() {
        rollout.getMetadata().setDeletionTimestamp(now.toString());
        return loop.farewell(copy());
    }

    void pass(Duration time) {
        for (var until = now.plus(time); now.isBefore(until); now = now.plusSeconds(10)) {
            turn();
        }
    }

    void passUntil(String phase) {
        for (int i = 0; i < 500 && !phase.equals(phase()); i++) {
            turn();
            now = now.plusSeconds(10);
        }
    }

    /** A new process, which knows what is written down and nothing else. */
    void restart() {
        notifier = notifier.restarted();
        loop = newLoop();
    }

    /** As an API server keeps it, which must be all of it. */
    private static RateLimitRolloutStatus stored(RateLimitRolloutStatus status) {
        var stored = Serialization.unmarshal(Serialization.asJson(status), RateLimitRolloutStatus.class);
        assertThat(stored).isEqualTo(status);
        return stored;
    }

    private RateLimitRollout copy() {
        var copy = FakeWorld.rollout(SPEC);
        copy.setMetadata(rollout.getMetadata());
        copy.setSpec(rollout.getSpec());
        copy.setStatus(rollout.getStatus());
        return copy;
    }

    private void settle() {
        if (world.label().isPresent() && world.pods.isEmpty()) {
            world.pod("a", true);
            world.pod("b", true);
        }
        world.pods.stream()
                .limit(acknowledging)
                .forEach(pod -> acknowledge(pod.getMetadata().getUid()));
    }

    private void acknowledge(String uid) {
        acks.record(FakeWorld.KEY, uid, new Ack(epoch(), true, "", now, failures.getOrDefault(uid, List.of())));
    }

    private RolloutLoop newLoop() {
        var streams = new Streams(acks);
        var hooks = new HookJobs(world);
        var observer = new RolloutObserver(world, hooks, streams, acks, signals, INJECTION, List::of);
        var derivations = new Derivations(world, hooks, world, streams, INJECTION, () -> "PEM", leadership, () -> now);
        return new RolloutLoop(
                observer,
                new StatusCommitter(leadership, notifier, REPORTS, () -> now),
                derivations,
                new Farewell(world, observer, derivations, () -> now),
                streams,
                new SilentMeter(),
                () -> now,
                new Random(1));
    }

    private record SilentMeter() implements LoopMeter {
        @Override
        public void evaluated(Duration took, Duration late) {}

        @Override
        public void decided(RolloutKey rollout, Evaluation evaluation, Sidecars sidecars) {}

        @Override
        public void forgotten(RolloutKey rollout) {}

        @Override
        public void ended(String result) {}
    }

    RateLimitRolloutStatus status() {
        return rollout.getStatus();
    }

    String phase() {
        return Optional.ofNullable(rollout.getStatus())
                .map(status -> String.valueOf(status.phase()))
                .orElse("");
    }

    private long epoch() {
        return Optional.ofNullable(rollout.getStatus())
                .map(RateLimitRolloutStatus::epoch)
                .orElse(0L);
    }

    List<PendingNotification> pending() {
        return Optional.ofNullable(status().pendingNotifications()).orElse(List.of());
    }

    Optional<Condition> condition(String type) {
        return Optional.ofNullable(status().conditions()).orElse(List.of()).stream()
                .filter(each -> each.getType().equals(type))
                .findFirst();
    }
}
