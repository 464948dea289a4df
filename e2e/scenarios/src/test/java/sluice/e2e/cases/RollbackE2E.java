package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.e2e.cluster.Fault;
import sluice.e2e.load.Load;
import sluice.e2e.load.LoadResults;
import sluice.e2e.measure.RollbackFigures;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Narrator;
import sluice.e2e.story.Rollback;
import sluice.e2e.story.Stage;

/** Each stop-loss rule brings a rollout back by itself: four services, side by side, each broken in its own way. */
@Order(4)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollbackE2E {
    private static final int RATE = 20;

    /** What is broken, and which rule is to notice. */
    enum Breakage {
        // First, for what starts beside it must not be taken for its fault.
        LATENCY("LatencyP95"),
        ERRORS("ErrorRatio"),
        AUTHENTICATION("AuthFailures"),
        THROTTLING("ThrottledRatio");

        private final String signal;

        Breakage(String signal) {
            this.signal = signal;
        }

        Fault fault() {
            return switch (this) {
                case ERRORS -> Fault.errors(1);
                case LATENCY -> Fault.latency(3_500);
                case AUTHENTICATION -> Fault.authFailures(1);
                // The limit itself is what is wrong.
                case THROTTLING -> Fault.NONE;
            };
        }

        String namespace() {
            return "broken-by-" + name().toLowerCase(java.util.Locale.ROOT);
        }

        Manifest manifest() {
            // An app that has just started is slow, the more so beside others that start: only the fault may exceed the
            // threshold, and the first step lasts until the rule has noticed.
            var manifest = TestCluster.manifest()
                    .inNamespace(namespace())
                    .with("/spec/stopLoss/rules/1/threshold", this == LATENCY ? "2500ms" : "10s")
                    .withHolds("30m", "2m");
            return this == THROTTLING ? manifest.withLimit(1, "1h", 1) : manifest;
        }
    }

    /** What it took is printed; within a second is what the demonstration holds one rollback to that has the machine to itself. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private record Outcome(Rollback rollback, RollbackFigures figures, RolloutView last) {}

    private Map<Breakage, Outcome> outcomes;

    @BeforeAll
    void play() {
        TestCluster.stage().app().scale(2);
        var copies = new Copies(TestCluster.client());
        var running = new EnumMap<Breakage, CompletableFuture<Outcome>>(Breakage.class);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var breakage : Breakage.values()) {
                var service = Service.withSidecars(breakage, copies.copyTo(breakage.namespace()));
                running.put(breakage, CompletableFuture.supplyAsync(service::breakIt, threads));
            }
        }
        outcomes = new EnumMap<>(Breakage.class);
        running.forEach((breakage, story) -> outcomes.put(breakage, story.join()));
        outcomes.values().forEach(RollbackE2E::tell);
    }

    /** For ./verify, which keeps it. */
    private static void tell(Outcome outcome) {
        var view = outcome.rollback().view();
        System.out.printf(
                "Figures, rollback by %s: %s ms from the newest sample of the breach to the commit, %s ms from the commit to the last acknowledgement%n",
                view.reason(),
                view.lastSample()
                        .flatMap(sample -> view.committedAt()
                                .map(at -> Duration.between(sample, at).toMillis()))
                        .map(String::valueOf)
                        .orElse("?"),
                outcome.figures().commitToLastAckMs());
    }

    /** A copy of the app under load, to be broken. They are brought up one after the other: starting JVMs is what a small machine feels. */
    private record Service(Breakage breakage, Stage stage, Load load, Instant appliedAt, int mark) {

        static Service withSidecars(Breakage breakage, String address) {
            var stage = TestCluster.stage(breakage.namespace(), Narrator.called(breakage.namespace()));
            stage.app().awaitAvailable(2);
            var load = TestCluster.load(RATE, "--url", address, "--users", "400", "--keepalive", "false");
            try {
                var appliedAt = stage.now();
                int mark = stage.apply(breakage.manifest());
                stage.awaitSidecars(mark);
                return new Service(breakage, stage, load, appliedAt, mark);
            } catch (RuntimeException e) {
                // What comes after this must not be tried beside it.
                try (Afterwards _ = load::stop) {
                    throw e;
                }
            }
        }

        Outcome breakIt() {
            var sent = new AtomicReference<LoadResults>();
            try (stage) {
                Rollback rollback;
                try (Afterwards _ = () -> sent.set(load.stop())) {
                    rollback = Rollback.ofApplied(stage, appliedAt, mark, breakage.fault());
                }
                return new Outcome(rollback, rollback.figures(stage, sent.get()), last(stage));
            }
        }
    }

    private static RolloutView last(Stage stage) {
        return stage.history().from(0).getLast().rollout();
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void theRuleThatIsBrokenIsTheReason(Breakage breakage) {
        assertThat(outcome(breakage).rollback().view().reason()).isEqualTo(breakage.signal);
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void everySidecarConfirmsSoonAfterTheCommit(Breakage breakage) {
        assertThat(outcome(breakage).figures().commitToLastAckMs()).isNotNull().isBetween(0L, SOON.toMillis());
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void nobodyIsInTheCandidateArmAfterTheLastAcknowledgement(Breakage breakage) {
        assertThat(outcome(breakage).figures().lastCandidateRequestAt()).isNotNull();
        assertThat(outcome(breakage).figures().candidateRequestsAfterLastAck()).isZero();
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void noRequestFailsThatWasNotSpoiltOnPurpose(Breakage breakage) {
        assertThat(outcome(breakage).figures().failedRequestsNotInjected()).isZero();
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void theWeightIsNeverAboveTheFirstStepAndEndsAtNothing(Breakage breakage) {
        assertThat(outcome(breakage).rollback().history())
                .map(Seen::rollout)
                .map(RolloutView::weight)
                .allMatch(weight -> weight == 0 || weight == 10)
                .last()
                .isEqualTo(0);
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void theResourceSaysThatItNeedsAttention(Breakage breakage) {
        var conditions = outcome(breakage).last().conditions();

        assertThat(conditions.get("Ready").status()).isEqualTo("False");
        assertThat(conditions.get("Stalled").status()).isEqualTo("True");
        assertThat(conditions.get("Stalled").reason()).isEqualTo(breakage.signal);
    }

    static Stream<Breakage> breakages() {
        return Stream.of(Breakage.values());
    }

    private Outcome outcome(Breakage breakage) {
        var outcome = outcomes.get(breakage);
        assertThat(outcome).isNotNull();
        return outcome;
    }
}
