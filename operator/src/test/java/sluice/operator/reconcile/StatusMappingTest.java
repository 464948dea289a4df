package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Armed;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.CommandNote;
import sluice.operator.rollout.Decision;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Evaluation;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.HistoryEntry;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Order;
import sluice.operator.rollout.Orders;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RollbackProof;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Step;
import sluice.operator.rollout.Strategy;
import sluice.operator.rollout.Timers;
import sluice.operator.rollout.Verdict;

class StatusMappingTest {
    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00.250Z");
    private static final Limiter CANDIDATE = new Limiter("1111111111", "{\"backend\":\"Redis\"}");
    private static final Sidecars SIDECARS = new Sidecars(2, 2, 2, 1);
    private static final Decision HOLD = new Decision.Hold(HoldReason.HOLDING, "Holding", "", Optional.empty());
    private static final Baseline BASELINE = new Baseline(Map.of(), T0);
    private static final JsonMapper JSON = new JsonMapper();

    @Property(tries = 500)
    void whatIsWrittenDownReadsBackTheSame(@ForAll("states") RolloutState state) throws JsonProcessingException {
        String written = JSON.writeValueAsString(status(state, List.of()));
        RateLimitRolloutStatus read = JSON.readValue(written, RateLimitRolloutStatus.class);
        assertThat(StatusMapping.toState(read)).isEqualTo(state);
    }

    @Test
    void showsTheStepAndTheTimeToTheNext() {
        RateLimitRolloutStatus status = status(progressing(T0.minusSeconds(50)), List.of());
        assertThat(status.phase()).isEqualTo("Progressing");
        assertThat(status.weight()).isEqualTo(10);
        assertThat(status.step()).isEqualTo(1);
        assertThat(status.stepText()).isEqualTo("1/2");
        assertThat(status.nextIn()).isEqualTo("4m10s");
    }

    @Test
    void aStatusOfAnEarlierVersionKnowsOnlyWhenTheHoldBegan() throws JsonProcessingException {
        ObjectNode written = JSON.valueToTree(status(progressing(T0), List.of()));
        assertThat(((ObjectNode) written.path("timers")).remove("stepStartedAt"))
                .isNotNull();
        RolloutState read = StatusMapping.toState(JSON.treeToValue(written, RateLimitRolloutStatus.class));
        assertThat(read).isEqualTo(progressing(T0));
    }

    @Test
    void theTimeToTheNextIsNeverNegative() {
        assertThat(status(progressing(T0.minusSeconds(5000)), List.of()).nextIn())
                .isEqualTo("0s");
    }

    @Test
    void showsTheWorstSignalAndEveryVerdict() {
        List<Finding> findings = List.of(
                new Finding(
                        Signal.ERROR_RATIO, Scope.CANDIDATE, OptionalDouble.of(0.02), 0.01, new Verdict.Breaching(T0)),
                new Finding(
                        Signal.LATENCY_P95, Scope.SERVICE, OptionalDouble.empty(), 0.3, new Verdict.Unknown("gone")));
        RateLimitRolloutStatus status = status(progressing(T0), findings);
        assertThat(status.worstSignal()).isEqualTo("ErrorRatio (candidate) 0.02 >= 0.01");
        assertThat(status.signals())
                .extracting("name", "scope", "value", "threshold", "verdict", "breachingSince", "message")
                .containsExactly(
                        tuple("ErrorRatio", "candidate", "0.02", "0.01", "Breaching", "2026-03-01T12:00:00.250Z", null),
                        tuple("LatencyP95", "service", null, "0.3", "Unknown", null, "gone"));
    }

    @Test
    void showsTheSidecarsCounted() {
        assertThat(status(progressing(T0), List.of()).sidecars())
                .extracting("desired", "injected", "connected", "inSync")
                .containsExactly(2, 2, 2, 1);
    }

    @Test
    void aPromotedRolloutShowsOneHundredPercent() {
        RateLimitRolloutStatus status = status(with(new Progress.Promoted(T0)), List.of());
        assertThat(status.weight()).isEqualTo(100);
        assertThat(status.candidate()).isNull();
        assertThat(status.previousStable()).isNull();
    }

    @Test
    void aPromotedRolloutShowsWhatItCanBeTakenBackTo() {
        Armed armed = new Armed(CANDIDATE, true, T0.minusSeconds(60), BASELINE);
        RateLimitRolloutStatus status = status(with(new Progress.Promoted(T0, Optional.of(armed))), List.of());
        assertThat(status.previousStable())
                .extracting("revision", "limiter", "promoted")
                .containsExactly(CANDIDATE.revision(), CANDIDATE.text(), true);
    }

    @Test
    void aRollbackByAQueryCarriesItsNameAndThePromqlThatItThenHad() {
        Breach breach = new Breach(
                new Signal.Query("checkout-errors", "sum(failed)"),
                Scope.SERVICE,
                7,
                5,
                Duration.ofMinutes(2),
                T0,
                T0,
                List.of());
        Rollback rollback = new Rollback(
                CANDIDATE.revision(),
                new RollbackReason.StopLossBroken(breach),
                10,
                false,
                T0,
                Optional.empty(),
                Optional.empty());
        assertThat(status(with(new Progress.RollingBack(CANDIDATE, rollback)), List.of())
                        .lastRollback())
                .extracting("reason", "signal", "query", "message")
                .containsExactly(
                        "Query",
                        "checkout-errors",
                        "sum(failed)",
                        "checkout-errors (service) was 7, at or over 5 for 120 s");
    }

    @Test
    void aRollbackCarriesTheSamplesThatCausedIt() {
        List<Sample> samples = List.of(new Sample(T0.minusSeconds(10), 0.02), new Sample(T0, 0.024));
        Breach breach = new Breach(
                Signal.ERROR_RATIO,
                Scope.CANDIDATE,
                0.024,
                0.01,
                Duration.ofMinutes(5),
                T0.minusSeconds(10),
                T0,
                samples);
        Rollback rollback = new Rollback(
                CANDIDATE.revision(),
                new RollbackReason.StopLossBroken(breach),
                10,
                false,
                T0,
                Optional.of(T0.plusMillis(5)),
                Optional.empty());
        RateLimitRolloutStatus status = status(with(new Progress.RollingBack(CANDIDATE, rollback)), List.of());
        assertThat(status.lastRollback())
                .extracting(
                        "signal",
                        "scope",
                        "value",
                        "threshold",
                        "window",
                        "firstBreachingSample",
                        "decidedAt",
                        "committedAt")
                .containsExactly(
                        "ErrorRatio",
                        "candidate",
                        "0.024",
                        "0.01",
                        "5m",
                        "2026-03-01T11:59:50.250Z",
                        "2026-03-01T12:00:00.250Z",
                        "2026-03-01T12:00:00.255Z");
        assertThat(status.lastRollback())
                .extracting("message")
                .isEqualTo("ErrorRatio (candidate) was 0.024, at or over 0.01 for 300 s");
        assertThat(status.lastRollback())
                .extracting("samples")
                .asInstanceOf(LIST)
                .hasSize(2);
    }

    @Test
    void aStatusThatWasEditedIsRefusedByTheNameOfTheField() {
        RateLimitRolloutStatus whole = status(progressing(T0), List.of());
        assertThatThrownBy(() -> StatusMapping.toState(without("epoch", whole)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status.epoch is missing");
        assertThatThrownBy(() -> StatusMapping.toState(without("timers", whole)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status.timers is missing");
        assertThatThrownBy(() -> StatusMapping.toState(without("baseline", whole)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status.baseline is missing");
    }

    @Test
    void aStatusStaysSmallWhateverHappened() throws JsonProcessingException {
        Limiter large = new Limiter("2222222222", "x".repeat(64_000));
        Breach breach = new Breach(
                new Signal.Query("q".repeat(63), "x".repeat(4096)),
                Scope.SERVICE,
                1,
                0.01,
                Duration.ofHours(24),
                T0,
                T0,
                IntStream.range(0, 600)
                        .mapToObj(i -> new Sample(T0.plusSeconds(i), i / 600.0))
                        .toList());
        Rollback rollback = new Rollback(
                large.revision(),
                new RollbackReason.StopLossBroken(breach),
                10,
                true,
                T0,
                Optional.empty(),
                Optional.empty());
        for (Progress progress : List.of(
                new Progress.RollingBack(large, rollback),
                new Progress.Promoted(T0, Optional.of(new Armed(large, true, T0, BASELINE))))) {
            RolloutState state = new RolloutState(
                    7,
                    large,
                    true,
                    true,
                    progress,
                    Timers.NONE,
                    Orders.NONE,
                    Optional.empty(),
                    Optional.of(rollback),
                    Collections.nCopies(100, new HistoryEntry("2222222222", "RolledBack", "ErrorRatio", T0)));
            assertThat(JSON.writeValueAsString(status(state, List.of()))).hasSizeLessThan(2 * 64_000 + 10_000);
        }
    }

    private static RateLimitRolloutStatus without(String field, RateLimitRolloutStatus status) {
        var tree = JSON.<ObjectNode>valueToTree(status);
        tree.remove(field);
        return JSON.convertValue(tree, RateLimitRolloutStatus.class);
    }

    private static RateLimitRolloutStatus status(RolloutState state, List<Finding> findings) {
        return StatusMapping.toStatus(new Evaluation(HOLD, state, findings), SIDECARS, 3, List.of(), T0);
    }

    private static RolloutState progressing(Instant holdStartedAt) {
        Strategy strategy = new Strategy(
                Duration.ofMinutes(1),
                List.of(new Step(10, Duration.ofMinutes(5)), new Step(100, Duration.ofMinutes(5))));
        Canary canary = new Canary(0, T0.minusSeconds(60), holdStartedAt, new Baseline(Map.of(), T0));
        return with(new Progress.Progressing(new Run(CANDIDATE, strategy, T0.minusSeconds(120)), canary));
    }

    private static RolloutState with(Progress progress) {
        Optional<Rollback> rollback =
                progress instanceof Progress.RollingBack back ? Optional.of(back.rollback()) : Optional.empty();
        return new RolloutState(
                7, Limiter.OFF, false, true, progress, Timers.NONE, Orders.NONE, Optional.empty(), rollback, List.of());
    }

    @Provide
    Arbitrary<RolloutState> states() {
        return Combinators.combine(
                        progresses(),
                        rollbacks().optional(),
                        timers(),
                        notes(),
                        history(),
                        limiters(),
                        orders(),
                        Arbitraries.integers())
                .as((progress, rollback, timers, note, history, stable, orders, bits) -> new RolloutState(
                        Math.abs((long) bits),
                        stable,
                        bits % 2 == 0,
                        bits % 3 == 0,
                        progress,
                        timers,
                        orders,
                        Optional.of(Duration.ofSeconds(1 + (bits & 0xffff))).filter(_ -> bits % 5 == 0),
                        note,
                        lastRollback(progress).or(() -> rollback),
                        history));
    }

    private static Arbitrary<Orders> orders() {
        Arbitrary<CommandNote> answers = Combinators.combine(
                        texts(), Arbitraries.of(CommandNote.Outcome.class), texts(), instants())
                .as(CommandNote::new);
        return Combinators.combine(Arbitraries.of(Order.class).set(), answers.optional())
                .as(Orders::new);
    }

    private static Optional<Rollback> lastRollback(Progress progress) {
        return switch (progress) {
            case Progress.RollingBack back -> Optional.of(back.rollback());
            case Progress.RolledBack back -> Optional.of(back.rollback());
            case Progress.Pending _,
                    Progress.Injecting _,
                    Progress.Observing _,
                    Progress.Exposed _,
                    Progress.Promoted _ -> Optional.empty();
        };
    }

    private static Arbitrary<Progress> progresses() {
        Arbitrary<Progress> pending =
                Combinators.combine(instants(), limiters().optional()).as(Progress.Pending::new);
        Arbitrary<Progress> injecting = runs().map(Progress.Injecting::new);
        Arbitrary<Progress> observing = Combinators.combine(runs(), instants()).as(Progress.Observing::new);
        Arbitrary<Progress> progressing =
                Combinators.combine(runs(), canaries(0)).as(Progress.Progressing::new);
        Arbitrary<Progress> baking = Combinators.combine(runs(), canaries(1)).as(Progress.Baking::new);
        Arbitrary<Armed> armed = Combinators.combine(limiters(), Arbitraries.of(true, false), instants(), baselines())
                .as(Armed::new);
        Arbitrary<Progress> promoted =
                Combinators.combine(instants(), armed.optional()).as(Progress.Promoted::new);
        Arbitrary<Progress> rollingBack =
                Combinators.combine(limiters(), rollbacks()).as(Progress.RollingBack::new);
        Arbitrary<Progress> rolledBack = Combinators.combine(
                        limiters(),
                        rollbacks().filter(rollback -> rollback.finish().isPresent()))
                .as(Progress.RolledBack::new);
        return Arbitraries.oneOf(pending, injecting, observing, progressing, baking, promoted, rollingBack, rolledBack);
    }

    private static Arbitrary<Run> runs() {
        Arbitrary<Strategy> strategies = Combinators.combine(durations(), durations(), durations())
                .as((observe, first, last) ->
                        new Strategy(observe, List.of(new Step(10, first, true), new Step(100, last))));
        return Combinators.combine(limiters(), strategies, instants()).as(Run::new);
    }

    private static Arbitrary<Canary> canaries(int step) {
        return Combinators.combine(instants(), instants(), instants(), baselines())
                .as((since, began, hold, baseline) -> new Canary(step, since, began, hold, baseline));
    }

    private static Arbitrary<Baseline> baselines() {
        return Combinators.combine(Arbitraries.maps(Arbitraries.of(Signal.builtIn()), values()), instants())
                .as(Baseline::new);
    }

    private static Arbitrary<Rollback> rollbacks() {
        Arbitrary<RollbackReason> noData =
                Combinators.combine(instants(), texts()).as(RollbackReason.NoData::new);
        Arbitrary<RollbackReason> late =
                Combinators.combine(instants(), texts()).as(RollbackReason.ProgressDeadline::new);
        Arbitrary<RollbackReason> hook = texts().map(RollbackReason.HookFailed::new);
        Arbitrary<RollbackReason> broken = breaches().map(RollbackReason.StopLossBroken::new);
        Arbitrary<Rollback.Finish> finishes = Combinators.combine(Arbitraries.of(RollbackProof.class), instants())
                .as(Rollback.Finish::new);
        return Combinators.combine(
                        Arbitraries.of("1111111111", "2222222222"),
                        Arbitraries.oneOf(noData, late, hook, broken),
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.of(true, false),
                        instants(),
                        instants().optional(),
                        finishes.optional())
                .as(Rollback::new);
    }

    private static Arbitrary<Breach> breaches() {
        Arbitrary<List<Sample>> samples = Arbitraries.maps(instants(), values())
                .ofMaxSize(40)
                .map(map -> map.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> new Sample(entry.getKey(), entry.getValue()))
                        .toList());
        return Combinators.combine(
                        signals(),
                        Arbitraries.of(Scope.class),
                        values(),
                        values(),
                        durations(),
                        instants(),
                        instants(),
                        samples)
                .as(Breach::new);
    }

    private static Arbitrary<Signal> signals() {
        Arbitrary<Signal> queries = Combinators.combine(Arbitraries.of("errors", "checkout-errors"), texts())
                .as(Signal.Query::new);
        return Arbitraries.oneOf(Arbitraries.of(Signal.builtIn()), queries);
    }

    private static Arbitrary<Timers> timers() {
        return Combinators.combine(
                        instants().optional(),
                        instants().optional(),
                        instants().optional(),
                        instants().optional(),
                        values().optional())
                .as((evaluated, missing, present, stalled, throttled) -> new Timers(
                        evaluated,
                        missing,
                        present,
                        stalled,
                        throttled.map(OptionalDouble::of).orElse(OptionalDouble.empty())));
    }

    private static Arbitrary<Optional<DecisionNote>> notes() {
        return Combinators.combine(texts(), texts(), texts(), instants())
                .as(DecisionNote::new)
                .optional();
    }

    private static Arbitrary<List<HistoryEntry>> history() {
        return Combinators.combine(texts(), texts(), texts(), instants())
                .as(HistoryEntry::new)
                .list()
                .ofMaxSize(12);
    }

    private static Arbitrary<Limiter> limiters() {
        return Combinators.combine(Arbitraries.of("off", "1111111111", "2222222222"), texts())
                .as(Limiter::new);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    }

    private static Arbitrary<Duration> durations() {
        return Arbitraries.longs().between(1, 2_000_000_000L).map(Duration::ofMillis);
    }

    private static Arbitrary<Double> values() {
        return Arbitraries.doubles().map(value -> value == 0 ? 0.0 : value);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(20);
    }
}
