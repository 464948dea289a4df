package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What must hold of hooks whatever becomes of their Jobs, over random histories with crashes. */
class HookInvariantsTest {
    private static final Duration TIMEOUT = Plans.minutes(2);
    private static final Strategy QUICK =
            Plans.strategy(Plans.seconds(20), new Step(10, Plans.seconds(30)), new Step(100, Plans.seconds(30)));
    private static final StopLoss STRICT = new StopLoss(
            "default",
            Plans.INTERVAL,
            List.of(new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), Plans.seconds(30))),
            Plans.seconds(40),
            Plans.minutes(3),
            Plans.minutes(5),
            Plans.minutes(5));

    /** What one evaluation meets besides Jobs. */
    enum Weather {
        FINE,
        LATE_SIDECAR,
        ERRORS,
        BLIND,
        PAUSED
    }

    /** What is seen of every Job that runs. */
    enum Jobs {
        NOTHING,
        SUCCEEDED,
        FAILED,
        REFUSED
    }

    /** Some evaluations in a row, the results of which are lost or not. */
    record Spell(Weather weather, Jobs jobs, int times, boolean crash) {}

    @Provide
    Arbitrary<List<Spell>> histories() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(6, Arbitraries.just(Weather.FINE)),
                                Tuple.of(1, Arbitraries.of(Weather.class))),
                        Arbitraries.of(Jobs.class),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.of(true, false))
                .as(Spell::new)
                .list()
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<Hook>> hooks() {
        return Arbitraries.subsetOf(HookPoint.values())
                .flatMap(points -> Arbitraries.of(true, false)
                        .map(back -> points.stream()
                                .map(point -> new Hook(
                                        "hook-"
                                                + point.name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-'),
                                        point,
                                        back && (point == HookPoint.AFTER_STEP || point == HookPoint.AFTER_PROMOTION),
                                        TIMEOUT))
                                .toList()));
    }

    @Property(tries = 60)
    void nothingGoesOnBeforeTheHooksOfItsPlaceAreDone(
            @ForAll("histories") List<Spell> history, @ForAll("hooks") List<Hook> hooks) {
        walk(history, hooks, (before, evaluation, observation) -> {
            Optional<HookPoint> passed = switch (evaluation.decision()) {
                case Decision.Inject _ -> Optional.of(HookPoint.BEFORE_ROLLOUT);
                case Decision.Advance _, Decision.Promote _ -> Optional.of(HookPoint.AFTER_STEP);
                default -> Optional.empty();
            };
            passed.ifPresent(point -> assertThat(before.hooks())
                    .filteredOn(HookRun::isDone)
                    .extracting(HookRun::hook)
                    .containsExactlyElementsOf(named(hooks, point)));
        });
    }

    @Property(tries = 60)
    void aHookIsWantedOnceAndKeepsItsTimeAcrossCrashes(
            @ForAll("histories") List<Spell> history, @ForAll("hooks") List<Hook> hooks) {
        Map<String, Instant> committed = new HashMap<>();
        walk(history, hooks, (before, evaluation, observation) -> {
            committed.clear();
            before.hooks().forEach(run -> run.since().ifPresent(at -> committed.put(run.hook(), at)));
            boolean samePlace = evaluation.decision() instanceof Decision.Hold;
            for (HookRun run : evaluation.next().hooks()) {
                Instant known = committed.get(run.hook());
                if (samePlace && known != null) {
                    assertThat(run.since()).contains(known);
                }
            }
        });
    }

    @Property(tries = 60)
    void noHookDelaysAStopLoss(@ForAll("histories") List<Spell> history, @ForAll("hooks") List<Hook> hooks) {
        walk(history, hooks, (before, evaluation, observation) -> {
            boolean broken =
                    evaluation.findings().stream().anyMatch(finding -> finding.verdict() instanceof Verdict.Broken);
            if (broken && before.progress() instanceof Progress.Running) {
                assertThat(evaluation.decision())
                        .isInstanceOfSatisfying(
                                Decision.RollBack.class,
                                back -> assertThat(back.reason()).isInstanceOf(RollbackReason.StopLossBroken.class));
            }
        });
    }

    @Property(tries = 60)
    void onlyTheHooksOfThePresentPlaceAreInTheBook(
            @ForAll("histories") List<Spell> history, @ForAll("hooks") List<Hook> hooks) {
        walk(history, hooks, (before, evaluation, observation) -> {
            List<String> allowed = switch (evaluation.next().progress()) {
                case Progress.Pending _ -> named(hooks, HookPoint.BEFORE_ROLLOUT);
                case Progress.Exposed _ -> named(hooks, HookPoint.AFTER_STEP);
                case Progress.Promoted _ -> named(hooks, HookPoint.AFTER_PROMOTION);
                case Progress.RolledBack _ -> named(hooks, HookPoint.AFTER_ROLLBACK);
                case Progress.Injecting _, Progress.Observing _, Progress.RollingBack _ -> List.of();
            };
            assertThat(evaluation.next().hooks()).extracting(HookRun::hook).isSubsetOf(allowed);
        });
    }

    @Property(tries = 60)
    void noneRunsForLongerThanItsTimeoutAndTheGrace(
            @ForAll("histories") List<Spell> history, @ForAll("hooks") List<Hook> hooks) {
        walk(history, hooks, (before, evaluation, observation) -> {
            Instant now = evaluation.next().timers().evaluatedAt().orElseThrow();
            assertThat(evaluation.next().hooks())
                    .filteredOn(run -> run.outcome() instanceof HookRun.Outcome.Running)
                    .allSatisfy(run -> assertThat(run.since().orElseThrow())
                            .isAfter(now.minus(TIMEOUT).minus(HookKeeper.GRACE)));
        });
    }

    private static List<String> named(List<Hook> hooks, HookPoint point) {
        return hooks.stream()
                .filter(hook -> hook.when() == point)
                .map(Hook::name)
                .toList();
    }

    private interface Check {
        void holds(RolloutState before, Evaluation evaluation, Observation observation);
    }

    private static void walk(List<Spell> history, List<Hook> hooks, Check check) {
        RolloutState state = RolloutState.initial(Limiter.OFF, Plans.T0);
        Instant now = Plans.T0;
        for (Spell spell : history) {
            for (int i = 0; i < spell.times(); i++) {
                now = now.plus(Plans.INTERVAL);
                Observation observation = observation(spell, state, now);
                Evaluation evaluation = RolloutDecider.decide(plan(spell, hooks), state, observation, now);
                check.holds(state, evaluation, observation);
                state = spell.crash() && i == 0 ? state : evaluation.next();
            }
        }
    }

    private static RolloutPlan plan(Spell spell, List<Hook> hooks) {
        Instructions said = new Instructions(spell.weather() == Weather.PAUSED, Optional.empty(), Optional.empty());
        return new RolloutPlan(Plans.FIRST, Limiter.OFF, QUICK, STRICT, Gates.NONE, said, hooks);
    }

    private static Observation observation(Spell spell, RolloutState state, Instant now) {
        Seen seen = switch (spell.weather()) {
            case FINE, PAUSED -> Seen.healthy(now);
            case LATE_SIDECAR -> Seen.healthy(now).sidecars(2, 2, 2, 1);
            case ERRORS -> Seen.healthy(now).last(Plans.seconds(60), Signal.ERROR_RATIO, Scope.CANDIDATE, 0.5);
            case BLIND -> Seen.healthy(now).requests(Scope.CANDIDATE, new Reading.Missing("gone"));
        };
        return switch (spell.jobs()) {
            case NOTHING -> seen.observation();
            case SUCCEEDED -> seen.jobs(state, new HookSeen.Succeeded()).observation();
            case FAILED ->
                seen.jobs(state, new HookSeen.Failed("BackoffLimitExceeded")).observation();
            case REFUSED ->
                seen.jobs(state, new HookSeen.Refused("exceeded quota")).observation();
        };
    }
}
