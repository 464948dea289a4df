package sluice.operator.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An observation for tests: everything is healthy, fresh and in sync except what is said otherwise. */
final class Seen {
    static final Sidecars READY = new Sidecars(2, 2, 2, 2);
    private static final Duration PAST = Duration.ofMinutes(15);

    private final Instant now;
    private final Map<Signals.Key, Reading> readings = new HashMap<>();
    private final Map<Scope, Reading> requests = new HashMap<>();
    private final Map<Signal, Reading> baselines = new HashMap<>();
    private final Map<Scope, Tally> tallies = new HashMap<>();
    private final List<Blocker> blockers = new ArrayList<>();
    private Duration rateWindow = Duration.ZERO;
    private Optional<String> partial = Optional.empty();
    private Reading busiest;
    private Reading stepRequests;
    private Sidecars sidecars = READY;
    private boolean leasesOver;
    private boolean recorded;
    private final Map<HookRun, HookSeen> hooks = new HashMap<>();

    private Seen(Instant now) {
        this.now = now;
        this.busiest = constant(0.01);
        this.stepRequests = constant(1_000_000);
        for (Scope scope : Scope.values()) {
            requests.put(scope, constant(100));
            with(Signal.ERROR_RATIO, scope, constant(0.001));
            with(Signal.LATENCY_P95, scope, constant(0.05));
            with(Signal.AUTH_FAILURES, scope, constant(0.01));
            with(Signal.THROTTLED_RATIO, scope, constant(0.02));
        }
        baselines.put(Signal.AUTH_FAILURES, new Reading.Value(new Samples(List.of(new Sample(now, 0.01)))));
    }

    static Seen healthy(Instant now) {
        return new Seen(now);
    }

    Instant now() {
        return now;
    }

    Seen with(Signal signal, Scope scope, Reading reading) {
        readings.put(new Signals.Key(signal, scope), reading);
        return this;
    }

    /** The signal has been at {@code value} for the last {@code duration}, and healthy before. */
    Seen last(Duration duration, Signal signal, Scope scope, double value) {
        return with(signal, scope, series(now, 0, value, duration));
    }

    Seen baseline(Signal signal, Reading reading) {
        baselines.put(signal, reading);
        return this;
    }

    Seen requests(Scope scope, Reading reading) {
        requests.put(scope, reading);
        return this;
    }

    Seen stepRequests(Reading reading) {
        stepRequests = reading;
        return this;
    }

    /** So many of the arm's requests failed since they count for the comparison. */
    Seen tally(Scope arm, double errors, double responses) {
        return tally(arm, new Tally.Counted(responses, errors));
    }

    Seen tally(Scope arm, Tally tally) {
        tallies.put(arm, tally);
        return this;
    }

    Seen busiest(double share) {
        return busiest(constant(share));
    }

    Seen busiest(Reading share) {
        busiest = share;
        return this;
    }

    Seen sidecars(int desired, int injected, int connected, int inSync) {
        sidecars = new Sidecars(desired, injected, connected, inSync);
        return this;
    }

    /** Whoever has not acknowledged is out of reach for longer than its lease. */
    Seen leasesOver() {
        leasesOver = true;
        return this;
    }

    Seen rateWindow(Duration window) {
        rateWindow = window;
        return this;
    }

    Seen partial(String why) {
        partial = Optional.of(why);
        return this;
    }

    Seen blocked(String reason) {
        blockers.add(new Blocker(reason, "what to change"));
        return this;
    }

    /** The Job of every hook that runs in {@code state} shows this. */
    Seen jobs(RolloutState state, HookSeen seen) {
        state.hooks().stream()
                .filter(run -> run.outcome() instanceof HookRun.Outcome.Running)
                .forEach(run -> hooks.put(run, seen));
        return this;
    }

    /** A recording: it may tell of a candidate while nobody is exposed, too. */
    Seen recorded() {
        recorded = true;
        return this;
    }

    /** While nobody is exposed an operator asks for nothing of a candidate. */
    Seen atRest() {
        if (!recorded) {
            readings.keySet().removeIf(key -> key.scope() == Scope.CANDIDATE);
        }
        return this;
    }

    Observation observation() {
        return new Observation(
                sidecars,
                new Signals(readings, requests, baselines, stepRequests, tallies, busiest, rateWindow, partial),
                blockers,
                leasesOver,
                hooks);
    }

    static Observation blind(Instant now) {
        return new Observation(READY, Signals.missing("Prometheus cannot be reached"), List.of());
    }

    private Reading constant(double value) {
        return series(now, value, value, PAST);
    }

    static Reading series(Instant now, double before, double value, Duration duration) {
        List<Sample> samples = new ArrayList<>();
        for (Instant at = now.minus(PAST); !at.isAfter(now); at = at.plus(Plans.INTERVAL)) {
            samples.add(new Sample(at, at.isAfter(now.minus(duration)) ? value : before));
        }
        return new Reading.Value(new Samples(samples));
    }
}
