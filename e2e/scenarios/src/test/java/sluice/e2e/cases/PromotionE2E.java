package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static sluice.e2e.cases.EventfulPromotion.MANY_USERS;
import static sluice.e2e.cases.EventfulPromotion.podsOf;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sluice.e2e.log.LogLine;
import sluice.e2e.measure.StepFigures;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/** A rollout reaches everybody whatever comes in between, and nobody notices. */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromotionE2E {
    /** Five standard deviations of so many users: missed by chance once in two million runs. */
    private static final double SHARE_TOLERANCE = 0.02;

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration QUIET = Duration.ofMinutes(5);

    private final Stage stage = TestCluster.stage();
    private EventfulPromotion promotion;

    @BeforeAll
    void play() {
        promotion = EventfulPromotion.play(stage);
    }

    @Test
    void everySidecarRunsOnItsImagesAotCache() {
        var starts = stage.logs().messages(message -> message.message().startsWith("Serving "));

        assertThat(starts).isNotEmpty().allMatch(start -> start.line().message().endsWith(" aotCache=true"));
    }

    @Test
    void theShareOfCallersIsTheWeightWithTwoReplicas() {
        assertThat(promotion.withTwoReplicas().observedShare()).isCloseTo(0.10, within(SHARE_TOLERANCE));
    }

    @Test
    void theShareOfCallersIsTheWeightAfterScalingToFourInMidStep() {
        assertThat(promotion.withFourReplicas().observedShare()).isCloseTo(0.10, within(SHARE_TOLERANCE));
        assertThat(promotion.podsAfterScaling()).hasSize(4);
    }

    @Test
    void nobodyIsEverInBothArms() {
        assertThat(promotion.figures().steps())
                .extracting(StepFigures::weight, StepFigures::inBothArms)
                .containsExactly(tuple(10, 0), tuple(100, 0));
    }

    @Test
    void whoeverIsInAtTenPercentIsStillInAtHundred() {
        var atTen = candidates(promotion.requestsAt(10));

        assertThat(atTen).isNotEmpty();
        assertThat(promotion.requestsAt(100))
                .filteredOn(request -> atTen.contains(request.key()))
                .isNotEmpty()
                .allMatch(LogLine.Request::inCandidateArm);
    }

    private static Set<String> candidates(Collection<LogLine.Request> requests) {
        return requests.stream()
                .filter(LogLine.Request::inCandidateArm)
                .map(LogLine.Request::key)
                .collect(Collectors.toSet());
    }

    @Test
    void noRequestFailsFromApplyingToPromoted() {
        var figures = promotion.figures();

        assertThat(figures.failures()).isEmpty();
        assertThat(figures.failedRequests()).isZero();
        assertThat(figures.totalRequests()).isGreaterThan(MANY_USERS);
    }

    @Test
    void requestsDuringTheOutageAreJudgedInMemory() {
        var outage = promotion.outage();
        var during = stage.logs()
                .requests(request -> request.backend().equals("memory")
                        && request.at().isAfter(outage.killedAt())
                        && request.at().isBefore(outage.overAt()));

        assertThat(podsOf(during)).isEqualTo(promotion.podsInOutage());
    }

    @Test
    void everySidecarWarnsOnceOfTheOutage() {
        var outage = promotion.outage();

        assertThat(promotion.podsInOutage())
                .allSatisfy(pod -> assertThat(warnings(pod))
                        .anyMatch(at -> at.isAfter(outage.killedAt().minus(QUIET)) && at.isBefore(outage.overAt())));
    }

    /** Which may be of another time as well, when a busy machine found Redis too slow. */
    @Test
    void noSidecarWarnsTwiceInFiveMinutes() {
        // The log's clock is not the one by which the sidecar keeps quiet.
        var quiet = QUIET.minusSeconds(1);

        assertThat(promotion.podsInOutage())
                .allSatisfy(pod -> assertThat(warnings(pod))
                        .allSatisfy(first -> assertThat(warnings(pod))
                                .noneMatch(next -> next.isAfter(first) && next.isBefore(first.plus(quiet)))));
    }

    private List<Instant> warnings(String pod) {
        return stage.logs().messages(LogLine.Message::warnsOfRedis).stream()
                .filter(entry -> entry.pod().equals(pod))
                .map(entry -> entry.line().at())
                .sorted()
                .toList();
    }

    @Test
    void afterTheOutageRedisJudgesAgain() {
        var overAt = promotion.outage().overAt();
        var after = stage.logs().requests(request -> request.at().isAfter(overAt) && request.inCandidateArm());
        var byRedis = after.stream()
                .filter(entry -> entry.line().backend().equals("redis"))
                .toList();

        assertThat(podsOf(byRedis)).isEqualTo(promotion.podsInOutage());
        // How many find it too slow is the machine's doing.
        System.out.printf("Figures, after the outage: %d of %d decisions by Redis%n", byRedis.size(), after.size());
        assertThat(byRedis).hasSizeGreaterThan(after.size() / 2);
    }

    @Test
    void theStandbyTakesTheKilledLeadersPlaceAndTheRolloutGoesOnAsIfNothingHadBeen() {
        assertThat(TestCluster.operators().leaderName()).isNotEqualTo(promotion.killedLeader());
        assertThat(promotion.promotedAt()).isAfter(promotion.killedAt());
        assertThat(promotion.phases())
                .containsSubsequence("Injecting", "Observing", "Progressing", "Baking", "Promoted")
                .doesNotContain("RollingBack", "RolledBack")
                .doesNotHaveDuplicates();
        assertThat(promotion.weights()).containsExactly(0, 10, 100);
    }

    @Test
    void getShowsWhereTheRolloutIs() {
        var table = TestCluster.scripts()
                .kubectl("", "-n", TestCluster.NAMESPACE, "get", "rlr")
                .lines()
                .toList();

        assertThat(table.getFirst()).matches("NAME +PHASE +WEIGHT +STEP +NEXT-IN +WORST-SIGNAL +READY +AGE *");
        assertThat(table.get(1)).contains("scholarship-api", "Promoted", "100", "True");
    }

    @Test
    void nextInAndTheWorstSignalAreShownWhileItRuns() {
        assertThat(promotion.history())
                .filteredOn(rollout -> rollout.is("Progressing"))
                .anySatisfy(rollout -> {
                    assertThat(rollout.stepText()).isEqualTo("1/2");
                    assertThat(rollout.nextIn()).matches("([0-9]+m)?([0-9]+s)?");
                    assertThat(rollout.worstSignal()).isNotEmpty();
                });
    }

    @Test
    void describeTellsTheStoryInEvents() {
        // Told after what they tell of was committed.
        Patience.until("the last event", PATIENCE, () -> events().contains(" Promoted "));

        assertThat(events())
                .contains(
                        "InjectionStarted",
                        "SidecarsReady",
                        "BaselineFrozen",
                        "CanaryStarted",
                        "weight 10",
                        "StepAdvanced",
                        "weight 100",
                        "Promoted");
    }

    private static String events() {
        return TestCluster.scripts()
                .kubectl("", "-n", TestCluster.NAMESPACE, "describe", "rlr", "scholarship-api")
                .lines()
                .dropWhile(line -> !line.startsWith("Events:"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void readyIsTrueOnceItIsPromoted() {
        var conditions = promotion.history().getLast().conditions();

        assertThat(Map.of("Ready", "True", "Stalled", "False"))
                .allSatisfy((type, status) -> assertThat(conditions.get(type))
                        .as(type)
                        .extracting("status")
                        .isEqualTo(status));
    }
}
