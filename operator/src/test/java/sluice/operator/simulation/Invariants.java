package sluice.operator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.LimiterConfig;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.TimersStatus;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.simulation.SignalsAsSeen.Look;

/** What must hold at every moment, whatever goes wrong. */
final class Invariants {

    /** What sidecars are told in an epoch. */
    private record Told(int weight, String stable, String candidate, boolean closed) {}

    /** What a sidecar does. */
    private record Served(long epoch, boolean exposed) {}

    /** Who heard of whom. */
    private record Heard(OperatorProcess process, String uid) {}

    /** What clocks of two operators are apart. */
    private static final long SKEW = 4_000;
    /** What a line of the stream can be late. */
    private static final long SLACK = 10_000;

    final HookInvariants hooks;
    private final World world;
    private final Map<Long, Told> byEpoch = new HashMap<>();
    private final Set<String> bases = new HashSet<>();
    private final Map<String, String> answered = new HashMap<>();
    private final Map<String, Served> seen = new HashMap<>();
    private final Map<Heard, Long> acknowledged = new HashMap<>();
    private long lastExposed = Long.MAX_VALUE / 2;
    private long lastEpoch;
    private Optional<String> broken = Optional.empty();

    Invariants(World world) {
        this.world = world;
        this.hooks = new HookInvariants(world, this);
    }

    void fail(String what) {
        world.time.note(() -> "!!! " + what);
        if (broken.isEmpty()) {
            broken = Optional.of("at %.3f s: %s".formatted(world.time.now() / 1000.0, what));
        }
        world.time.end();
    }

    private void require(boolean holds, String what) {
        require(holds, () -> what);
    }

    /** For what is looked at all the time: the words are put together only when they are needed. */
    private void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            fail(what.get());
        }
    }

    Optional<String> broken() {
        return broken;
    }

    void committed(ApiServer.Origin origin, RateLimitRollout before, RateLimitRollout after) {
        var base = origin.base();
        require(
                base.equals(before.getMetadata().getResourceVersion()),
                "a commit went by version %s, present was %s"
                        .formatted(base, before.getMetadata().getResourceVersion()));
        require(bases.add(base), "two commits went by version " + base);
        var next = after.getStatus();
        var last = Optional.ofNullable(before.getStatus());
        world.time.note(() -> "%s commits %s weight %d epoch %d (%s)"
                .formatted(origin.process(), next.phase(), next.weight(), next.epoch(), next.lastDecision()));
        epochs(last.map(RateLimitRolloutStatus::epoch).orElse(0L), next);
        last.ifPresent(status -> steps(origin, status, next));
        last.ifPresent(status -> latched(status, next));
        answers(next);
        hooks.committed(last, next);
        lastExposed = sidecarWeight(next) > 0 ? Long.MAX_VALUE / 2 : Math.min(lastExposed, world.time.now());
        lastEpoch = epoch(next);
    }

    /** An operator hears that a sidecar has applied an epoch. */
    void acknowledged(OperatorProcess by, String uid, long epoch) {
        acknowledged.merge(new Heard(by, uid), epoch, Math::max);
    }

    private static long epoch(RateLimitRolloutStatus status) {
        return Optional.ofNullable(status.epoch()).orElse(0L);
    }

    private void epochs(long last, RateLimitRolloutStatus next) {
        require(
                last == 0 || epoch(next) == last || epoch(next) == last + 1,
                "the epoch goes from %d to %d".formatted(last, epoch(next)));
        var told = told(next);
        var before = byEpoch.putIfAbsent(epoch(next), told);
        require(
                before == null || before.equals(told),
                "epoch %d means %s and %s".formatted(next.epoch(), before, told));
    }

    private static Told told(RateLimitRolloutStatus status) {
        return new Told(
                sidecarWeight(status),
                revision(status.stable()),
                revision(status.lastCandidate() == null ? status.candidate() : status.lastCandidate()),
                status.maintenance() != null);
    }

    static int sidecarWeight(RateLimitRolloutStatus status) {
        return "Promoted".equals(status.phase())
                ? 0
                : Optional.ofNullable(status.weight()).orElse(0);
    }

    static String revision(@Nullable LimiterStatus limiter) {
        return Optional.ofNullable(limiter).map(LimiterStatus::revision).orElse("");
    }

    private void steps(ApiServer.Origin origin, RateLimitRolloutStatus last, RateLimitRolloutStatus next) {
        var from = sidecarWeight(last);
        var to = sidecarWeight(next);
        if (to > from) {
            rise(from, to);
            goOn("weight rises to " + to, origin, last, next);
        }
        if ("Promoted".equals(next.phase()) && from > 0) {
            require(from == 100, "promoted from weight " + from);
            goOn("promoted", origin, last, next);
        }
        if (from > 0 && (to > from || "Promoted".equals(next.phase()))) {
            hooks.leaves(last);
        }
        if (from == 0 && to > 0) {
            require(
                    "Observing".equals(last.phase())
                            || "Paused".equals(last.phase())
                            || "Suspended".equals(last.phase()),
                    "exposed from phase " + last.phase());
        }
    }

    /** What was taken back for another reason than missing data begins anew only when somebody says so, and then from the start. */
    private void latched(RateLimitRolloutStatus last, RateLimitRolloutStatus next) {
        var back = last.lastRollback();
        require(
                back == null
                        || !"RolledBack".equals(last.phase())
                        || !"Observing".equals(next.phase())
                        || RollbackReason.NO_DATA.equals(back.reason()),
                () -> "tries again by itself what was taken back: " + back);
    }

    private void rise(int from, int to) {
        var weights = world.scenario.weights();
        var step = weights.indexOf(to);
        require(step >= 0, "weight " + to + " is no step's");
        var full = world.scenario.kind() == Scenario.Kind.PROMOTE_FULL && step == weights.size() - 1;
        require(
                step == 0 ? from == 0 : full || weights.get(step - 1) == from,
                "weight goes from %d to %d".formatted(from, to));
    }

    /** Only with fresh data, without a breach, after the hold, and when every sidecar that was seen does what was committed. */
    private void goOn(String what, ApiServer.Origin origin, RateLimitRolloutStatus last, RateLimitRolloutStatus next) {
        origin.pods().stream()
                .filter(pod -> Workload.isRunning(pod) && pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> new Heard(origin.process(), Workload.uid(pod)))
                .filter(pod -> acknowledged.getOrDefault(pod, 0L) != epoch(last))
                .forEach(pod ->
                        fail("%s though %s has not acknowledged epoch %d".formatted(what, pod.uid(), epoch(last))));
        require(origin.look().filter(Look::complete).isPresent(), what + " without data");
        var revision = "Promoted".equals(next.phase()) ? revision(next.stable()) : revision(next.candidate());
        origin.look()
                .map(Look::at)
                .flatMap(at -> world.prometheus.brokenSince(revision, at.minusMillis(2 * Scenario.INTERVAL_MILLIS), at))
                .ifPresent(since -> fail(what + " though the candidate breaks since " + since));
        var held = Optional.ofNullable(last.timers())
                .map(TimersStatus::holdStartedAt)
                .map(at -> Duration.between(Instant.parse(at), world.time.instant())
                        .toMillis())
                .orElse(Long.MAX_VALUE);
        require(
                world.scenario.mayHurry() || held >= Scenario.HOLD_MILLIS - SKEW,
                "%s %d ms after the hold began".formatted(what, held));
    }

    /** Each command is answered once. */
    private void answers(RateLimitRolloutStatus next) {
        var command = next.lastCommand();
        if (command != null) {
            var answer = command.outcome() + " at " + command.at();
            var before = answered.putIfAbsent(String.valueOf(command.text()), answer);
            require(
                    before == null || before.equals(answer),
                    "%s was answered twice: %s, %s".formatted(command.text(), before, answer));
        }
    }

    /** A line that an operator sends. */
    void sent(OperatorProcess by, String line) {
        if (line.contains("\"heartbeat\"")) {
            require(
                    world.api.lease().holder().equals(by.toString()),
                    by + " vouches though " + world.api.lease().holder() + " leads");
        }
    }

    /** Looks at every sidecar. */
    void look() {
        for (var sidecar : world.workload.sidecars()) {
            var config = sidecar.core().config();
            if (config.epoch() > 0) {
                look(sidecar, config);
            }
        }
    }

    private void look(Sidecar sidecar, LimiterConfig config) {
        var exposed = config.weight() > 0 && !sidecar.core().leaseLost();
        var state = new Served(config.epoch(), exposed);
        if (!state.equals(seen.put(sidecar.uid(), state))) {
            changed(sidecar, config, exposed);
        }
        if (exposed) {
            bounded(sidecar);
        }
    }

    /** The arm is really chosen so, and by what was committed. */
    private void changed(Sidecar sidecar, LimiterConfig config, boolean exposed) {
        var told = byEpoch.get(config.epoch());
        var is = new Told(
                config.weight(),
                config.stable().revision(),
                config.candidate().map(limiter -> limiter.revision()).orElse(""),
                config.maintenance().isPresent());
        var leaves = is.weight() == 0 && config.epoch() == lastEpoch + 1 && isBeingDeleted();
        require(
                is.equals(told) || leaves,
                "%s does %s in epoch %d, committed was %s".formatted(sidecar.uid(), is, config.epoch(), told));
        if (config.weight() > 0) {
            require(
                    sidecar.core().serves(config.weight()) == exposed,
                    sidecar.uid() + " puts a caller of the candidate into the wrong arm");
        }
        require(
                config.weight() >= 100 || !sidecar.core().serves(config.weight() + 1),
                sidecar.uid() + " puts a caller beyond weight " + config.weight() + " into the candidate arm");
    }

    private boolean isBeingDeleted() {
        return world.api
                .now()
                .rollout()
                .map(rollout -> rollout.getMetadata().getDeletionTimestamp() != null)
                .orElse(true);
    }

    private void bounded(Sidecar sidecar) {
        require(
                sidecar.silentFor() <= Scenario.DEAD_MAN_MILLIS,
                () -> "%s serves the candidate, the last heartbeat was %d ms ago"
                        .formatted(sidecar.uid(), sidecar.silentFor()));
        var since = world.time.now() - lastExposed;
        require(
                since <= Scenario.DEAD_MAN_MILLIS + SLACK,
                () -> "%s serves the candidate %d ms after weight 0 was committed".formatted(sidecar.uid(), since));
        var phase = world.api
                .now()
                .rollout()
                .map(RateLimitRollout::getStatus)
                .map(RateLimitRolloutStatus::phase)
                .orElse("");
        require(
                !phase.equals("RolledBack") || !world.workload.isAlive(sidecar.uid()),
                () -> sidecar.uid() + " serves the candidate though the rollout is RolledBack");
    }
}
