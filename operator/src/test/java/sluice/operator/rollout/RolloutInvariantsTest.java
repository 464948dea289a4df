package sluice.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What must hold whatever happens, over random histories of what is seen, of edits and of crashes. */
class RolloutInvariantsTest {
    private static final Strategy QUICK = Plans.strategy(
            Plans.seconds(20),
            new Step(10, Plans.seconds(30)),
            new Step(50, Plans.seconds(30)),
            new Step(100, Plans.seconds(30)));
    private static final StopLoss STRICT = new StopLoss(
            "default",
            Plans.INTERVAL,
            List.of(
                    new StopLossRule(Signal.ERROR_RATIO, new Threshold.Fixed(0.01), Plans.seconds(30)),
                    new StopLossRule(
                            Signal.AUTH_FAILURES,
                            new Threshold.TimesBaseline(3, 0.005, Plans.minutes(60)),
                            Plans.seconds(30)),
                    new StopLossRule(Signal.THROTTLED_RATIO, new Threshold.Fixed(0.05), Plans.seconds(20))),
            Plans.seconds(40),
            Plans.minutes(3),
            Plans.seconds(60),
            Plans.minutes(5));

    private static final RolloutPlan STEADY = Plans.plan(
            Plans.FIRST, Limiter.OFF, Plans.strategy(Plans.minutes(5), Plans.step(10, 5), Plans.step(100, 5)), STRICT);

    /** What one evaluation meets. */
    enum Weather {
        FINE,
        FINE_AGAIN,
        STILL_FINE,
        BLIND,
        ONE_MISSING,
        NO_TRAFFIC,
        DOMINATED,
        CANDIDATE_ERRORS,
        WOBBLING,
        SERVICE_ERRORS,
        AUTH_ERRORS,
        THROTTLED,
        LATE_SIDECAR,
        BLOCKED,
        NO_PODS
    }

    /** One evaluation: what it meets, how long after the last, which limiter the resource has, whether its result is lost. */
    record Moment(Weather weather, int seconds, boolean second, boolean crash) {}

    @Provide
    Arbitrary<List<Moment>> histories() {
        Arbitrary<Moment> moments = Combinators.combine(
                        Arbitraries.of(Weather.class),
                        Arbitraries.frequency(Tuple.of(20, 10), Tuple.of(2, 1), Tuple.of(1, 90)),
                        Arbitraries.frequency(Tuple.of(40, false), Tuple.of(1, true)),
                        Arbitraries.of(true, false))
                .as(Moment::new);
        // Weather lasts, or no rule would ever be broken and no step ever end.
        Arbitrary<List<Moment>> spells = moments.flatMap(
                        moment -> Arbitraries.integers().between(1, 12).map(times -> repeated(moment, times)))
                .list()
                .ofMaxSize(25)
                .map(list -> list.stream().flatMap(List::stream).toList());
        // Fine weather first, of any length, so that what follows meets every phase.
        Arbitrary<List<Moment>> fine = Arbitraries.integers()
                .between(0, 18)
                .map(times -> repeated(new Moment(Weather.FINE, 10, false, false), times));
        return Combinators.combine(fine, spells).as(RolloutInvariantsTest::joined);
    }

    private static List<Moment> joined(List<Moment> first, List<Moment> then) {
        List<Moment> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    private static List<Moment> repeated(Moment moment, int times) {
        List<Moment> spell = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            boolean first = i == 0;
            spell.add(new Moment(moment.weather, first ? moment.seconds : 10, moment.second, moment.crash && first));
        }
        return spell;
    }

    @Property(tries = 60)
    void neverAdvancesWithoutFreshHealthyData(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            if (evaluation.next().sidecarWeight() > before.sidecarWeight()
                    || evaluation.decision() instanceof Decision.Promote) {
                assertThat(new Evidence(before, observation, evaluation.findings()).missing())
                        .isEmpty();
                assertThat(evaluation.findings()).allMatch(finding -> finding.verdict() instanceof Verdict.Healthy);
                assertThat(observation.signals().requests(Scope.SERVICE)).isInstanceOf(Reading.Value.class);
            }
        });
    }

    @Property(tries = 60)
    void theWeightNeverRisesForARevisionThatBrokeARule(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            Optional<String> broken = before.lastRollback()
                    .filter(rollback -> rollback.reason().latches())
                    .map(Rollback::revision);
            boolean same =
                    broken.isPresent() && broken.get().equals(plan.candidate().revision());
            boolean sinceThen = before.progress() instanceof Progress.RollingBack
                    || before.progress() instanceof Progress.RolledBack;
            if (same && sinceThen) {
                assertThat(evaluation.next().weight()).isZero();
                assertThat(evaluation.next().phase()).isIn(Phase.ROLLING_BACK, Phase.ROLLED_BACK, Phase.PROMOTED);
            }
        });
    }

    @Property(tries = 60)
    void theWeightDoesNotRiseInTheEvaluationThatSeesABreach(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            boolean breach = evaluation.findings().stream()
                    .anyMatch(finding -> finding.verdict() instanceof Verdict.Breaching
                            || finding.verdict() instanceof Verdict.Broken);
            if (breach) {
                assertThat(evaluation.next().sidecarWeight()).isLessThanOrEqualTo(before.sidecarWeight());
            }
        });
    }

    @Property(tries = 60)
    void timeThatEndsWithNobodyThereDoesNotCountForTheHold(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            boolean nobody = observation.sidecars().scaledToZero()
                    || observation.signals().requests(Scope.CANDIDATE) instanceof Reading.NoTraffic;
            if (nobody
                    && before.progress() instanceof Progress.Exposed was
                    && evaluation.next().progress() instanceof Progress.Exposed is) {
                Instant held = was.canary().holdStartedAt();
                Instant lastLook = before.timers().evaluatedAt().orElseThrow();
                assertThat(is.canary().holdStartedAt()).isBetween(held.plus(Duration.between(lastLook, now)), now);
            }
        });
    }

    @Property(tries = 60)
    void takesAtMostOneStepPerEvaluationAndStaysAtItsWeight(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            int step = stepOf(evaluation.next());
            assertThat(step - stepOf(before)).isLessThanOrEqualTo(1);
            int allowed = step < 0 ? 0 : QUICK.steps().get(step).weight();
            assertThat(evaluation.next().sidecarWeight()).isEqualTo(allowed);
        });
    }

    @Property(tries = 60)
    void theEpochGrowsByOneExactlyWhenSidecarsMustChange(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            RolloutState next = evaluation.next();
            boolean changed = next.sidecarWeight() != before.sidecarWeight()
                    || !next.candidate().equals(before.candidate())
                    || !next.stable().equals(before.stable());
            long grown = next.epoch() - before.epoch();
            assertThat(grown).isBetween(changed ? 1L : 0L, 1L);
        });
    }

    @Property(tries = 60)
    void aDecisionReplayedFromTheSameCommittedStateIsTheSame(@ForAll("histories") List<Moment> history) {
        walk(
                history,
                (before, evaluation, observation, plan, now) -> assertThat(
                                RolloutDecider.decide(plan, before, observation, now))
                        .isEqualTo(evaluation));
    }

    @Property(tries = 60)
    void aCandidateThatIsNotOnItsWayIsNeverExposed(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            RolloutState next = evaluation.next();
            assertThat(next.needsLease()).isEqualTo(next.progress() instanceof Progress.Exposed);
            if (next.sidecarWeight() > 0) {
                assertThat(next.candidate())
                        .map(Limiter::revision)
                        .contains(plan.candidate().revision());
                assertThat(next.injectionWanted()).isTrue();
            }
        });
    }

    @Property(tries = 60)
    void onlyABrokenRuleTakesAPromotedLimiterBackAndOnlyToTheOneBefore(@ForAll("histories") List<Moment> history) {
        walk(history, (before, evaluation, observation, plan, now) -> {
            RolloutState next = evaluation.next();
            if (before.progress() instanceof Progress.Promoted(Instant at, Optional<Armed> armed)
                    && !next.stable().equals(before.stable())) {
                assertThat(next.lastRollback().orElseThrow().reason())
                        .isInstanceOf(RollbackReason.StopLossBroken.class);
                assertThat(next.stable()).isEqualTo(armed.orElseThrow().previousStable());
                assertThat(next.candidate()).contains(before.stable());
                assertThat(next.phase()).isEqualTo(Phase.ROLLING_BACK);
                assertThat(now).isBefore(at.plus(STRICT.armedAfterPromotion()));
            }
        });
    }

    @Property(tries = 60)
    void nothingStartsOverBeforeDataHaveBeenBackForAsLongAsTheyMustBeMissing(
            @ForAll("histories") List<Moment> history) {
        List<Instant> blind = new ArrayList<>(List.of(Plans.T0));
        // What was seen and lost in a crash nobody knows of.
        IdentityHashMap<RolloutState, Instant> decided = new IdentityHashMap<>();
        walk(history, (before, evaluation, observation, plan, now) -> {
            Optional.ofNullable(decided.get(before)).ifPresent(blind::add);
            if (evaluation.decision() instanceof Decision.StartOver) {
                Instant wentBack = before.lastRollback().orElseThrow().decidedAt();
                assertThat(now).isAfterOrEqualTo(wentBack.plus(STRICT.noDataAfter()));
                assertThat(now).isAfterOrEqualTo(blind.getLast().plus(STRICT.noDataAfter()));
            }
            if (new Evidence(before, observation, evaluation.findings())
                    .missing()
                    .isPresent()) {
                decided.put(evaluation.next(), now);
            }
        });
    }

    /**
     * Results are decided but lost before they are committed, and the restarted operator decides again a little later. What goes wrong
     * begins in the middle of a phase, so that both runs meet it in the same one.
     */
    @Property(tries = 60)
    void endsTheSameWhetherOrNotResultsWereLostInACrash(
            @ForAll("phases") Phase phase,
            @ForAll Weather weather,
            @ForAll @Size(max = 5) Set<@IntRange(max = 200) Integer> crashes) {
        assertThat(outcome(phase, weather, crashes)).isEqualTo(outcome(phase, weather, Set.of()));
    }

    @Provide
    Arbitrary<Phase> phases() {
        return Arbitraries.of(Phase.OBSERVING, Phase.PROGRESSING, Phase.BAKING, Phase.PROMOTED);
    }

    private static Object outcome(Phase phase, Weather weather, Set<Integer> crashes) {
        Instant begins = Story.of(STEADY).tellUntil(phase).now().plus(Plans.seconds(150));
        RolloutState state = RolloutState.initial(Limiter.OFF, Plans.T0);
        for (int i = 0; i < 400; i++) {
            Instant now = Plans.T0.plus(Plans.INTERVAL.multipliedBy(i)).plusSeconds(crashes.contains(i) ? 1 : 0);
            boolean bad = !now.isBefore(begins) && now.isBefore(begins.plus(Plans.minutes(8)));
            Observation observation = observation(bad ? weather : Weather.FINE, now);
            Evaluation evaluation = RolloutDecider.decide(STEADY, state, observation, now);
            state = crashes.contains(i) ? state : evaluation.next();
        }
        return List.of(
                state.phase(),
                state.weight(),
                state.epoch(),
                state.stable(),
                state.candidate(),
                state.injectionWanted(),
                state.lastRollback().map(rollback -> rollback.reason().reason()),
                state.history().stream().map(HistoryEntry::outcome).toList());
    }

    private interface Check {
        void holds(RolloutState before, Evaluation evaluation, Observation observation, RolloutPlan plan, Instant now);
    }

    private static void walk(List<Moment> history, Check check) {
        RolloutState state = RolloutState.initial(Limiter.OFF, Plans.T0);
        Instant now = Plans.T0;
        for (Moment moment : history) {
            now = now.plusSeconds(moment.seconds);
            RolloutPlan plan = plan(moment);
            Observation observation = observation(moment.weather, now);
            Evaluation evaluation = RolloutDecider.decide(plan, state, observation, now);
            check.holds(state, evaluation, observation, plan, now);
            state = moment.crash ? state : evaluation.next();
        }
    }

    private static RolloutPlan plan(Moment moment) {
        return Plans.plan(moment.second ? Plans.SECOND : Plans.FIRST, Limiter.OFF, QUICK, STRICT);
    }

    private static int stepOf(RolloutState state) {
        return state.progress() instanceof Progress.Exposed exposed
                ? exposed.canary().step()
                : -1;
    }

    private static Observation observation(Weather weather, Instant now) {
        Seen seen = Seen.healthy(now);
        Duration spell = Plans.seconds(60);
        return switch (weather) {
            case FINE, FINE_AGAIN, STILL_FINE -> seen.observation();
            case BLIND -> Seen.blind(now);
            case ONE_MISSING ->
                seen.with(Signal.AUTH_FAILURES, Scope.SERVICE, new Reading.Missing("gone"))
                        .observation();
            case NO_TRAFFIC ->
                seen.requests(Scope.CANDIDATE, new Reading.NoTraffic()).observation();
            case DOMINATED -> seen.busiest(0.9).observation();
            case WOBBLING ->
                seen.last(Plans.INTERVAL, Signal.ERROR_RATIO, Scope.CANDIDATE, 0.5)
                        .observation();
            case CANDIDATE_ERRORS ->
                seen.last(spell, Signal.ERROR_RATIO, Scope.CANDIDATE, 0.5).observation();
            case SERVICE_ERRORS ->
                seen.last(spell, Signal.ERROR_RATIO, Scope.SERVICE, 0.5).observation();
            case AUTH_ERRORS ->
                seen.last(spell, Signal.AUTH_FAILURES, Scope.CANDIDATE, 0.5).observation();
            case THROTTLED ->
                seen.last(spell, Signal.THROTTLED_RATIO, Scope.CANDIDATE, 0.5).observation();
            case LATE_SIDECAR -> seen.sidecars(2, 2, 2, 1).observation();
            case BLOCKED -> seen.blocked("TargetConflict").observation();
            case NO_PODS -> seen.sidecars(0, 0, 0, 0).observation();
        };
    }
}
