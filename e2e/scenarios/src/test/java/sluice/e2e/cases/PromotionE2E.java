package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.PodLine;
import sluice.e2e.measure.StepFigures;
import sluice.e2e.measure.StepRequests;
import sluice.e2e.measure.Verdicts;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Promotion;
import sluice.e2e.story.RedisOutage;
import sluice.e2e.story.Stage;

/**
 * One rollout to 100% under constant load, with all that may come in between: the pods are replaced to be given their sidecars,
 * scaled in mid-step, Redis is killed and started again, and the operator's leader is killed.
 */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromotionE2E {
    // Nearly all there are: the share of so many is three standard deviations from missing its tolerance by chance.
    private static final int MANY_USERS = 1_950;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Stage stage = TestCluster.stage();
    private Promotion promotion;
    private LoadResults load;
    private StepFigures withTwoReplicas;
    private StepFigures withFourReplicas;
    private Instant scaledAt;
    private RedisOutage outage;
    private Set<String> podsInOutage;
    private String killedLeader;
    private Instant killedAt;

    @BeforeAll
    void play() {
        var running = TestCluster.load(TestCluster.RATE);
        try {
            promotion = Promotion.play(stage, TestCluster.manifest().withHolds("2m", "1m"), this::atStep);
        } finally {
            load = running.stop();
        }
    }

    private void atStep(int weight) {
        if (weight == 10) {
            withTwoReplicas = awaitManyUsers(10, Instant.MIN);
            scaleInMidStep();
            killRedisInMidStep();
        } else {
            awaitManyUsers(100, Instant.MIN);
            killTheLeader();
        }
    }

    private void scaleInMidStep() {
        stage.say("scaling from 2 to 4 replicas");
        stage.app().scale(4);
        scaledAt = stage.now();
        stage.awaitLogsBeyond(scaledAt);
        withFourReplicas = awaitManyUsers(10, scaledAt);
    }

    private void killRedisInMidStep() {
        podsInOutage = stage.app().pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
        outage = RedisOutage.play(stage);
    }

    private void killTheLeader() {
        killedLeader = TestCluster.operators().leaderName();
        killedAt = stage.now();
        stage.say("the operator's leader is killed (SIGKILL): " + killedLeader);
        TestCluster.operators().killLeaderForGood();
    }

    private StepFigures awaitManyUsers(int weight, Instant since) {
        Patience.until(
                "%d users at weight %d".formatted(MANY_USERS, weight),
                PATIENCE,
                () -> figures(weight, since).users() >= MANY_USERS);
        return figures(weight, since);
    }

    private StepFigures figures(int weight, Instant since) {
        return StepFigures.of(
                weight, requestsAt(weight, request -> !request.at().isBefore(since)));
    }

    private List<LogLine.Request> requestsAt(int weight, Predicate<LogLine.Request> wanted) {
        return StepRequests.byWeight(stage.history().from(0), stage.logs().requests(wanted))
                .getOrDefault(weight, List.of());
    }

    @Test
    void everySidecarRunsOnItsImagesAotCache() {
        var starts = stage.logs().messages(message -> message.message().startsWith("Serving "));

        assertThat(starts).isNotEmpty().allMatch(start -> start.line().message().endsWith(" aotCache=true"));
    }

    @Test
    void theShareOfCallersIsTheWeightWithTwoReplicas() {
        assertThat(withTwoReplicas.observedShare()).isCloseTo(0.10, within(Verdicts.SHARE_TOLERANCE));
    }

    @Test
    void theShareOfCallersIsTheWeightAfterScalingToFourInMidStep() {
        assertThat(withFourReplicas.observedShare()).isCloseTo(0.10, within(Verdicts.SHARE_TOLERANCE));
        assertThat(podsOf(requestsBetween(scaledAt, outage.killedAt()))).hasSize(4);
    }

    private List<PodLine<LogLine.Request>> requestsBetween(Instant from, Instant to) {
        return stage.logs()
                .requests(request -> request.at().isAfter(from) && request.at().isBefore(to));
    }

    private static Set<String> podsOf(Collection<PodLine<LogLine.Request>> lines) {
        return lines.stream().map(PodLine::pod).collect(Collectors.toSet());
    }

    @Test
    void nobodyIsEverInBothArms() {
        assertThat(promotion.figures(stage, load).steps())
                .extracting(StepFigures::weight, StepFigures::inBothArms)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(10, 0), org.assertj.core.groups.Tuple.tuple(100, 0));
    }

    @Test
    void whoeverIsInAtTenPercentIsStillInAtHundred() {
        var atTen = candidates(requestsAt(10, request -> true));
        var atHundred = requestsAt(100, request -> true);

        assertThat(atTen).isNotEmpty();
        assertThat(atHundred)
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
        var figures = promotion.figures(stage, load);

        assertThat(figures.failures()).isEmpty();
        assertThat(figures.failedRequests()).isZero();
        assertThat(figures.totalRequests()).isGreaterThan(MANY_USERS);
    }

    @Test
    void requestsDuringTheOutageAreJudgedInMemory() {
        var during = stage.logs()
                .requests(request -> request.backend().equals("memory")
                        && request.at().isAfter(outage.killedAt())
                        && request.at().isBefore(outage.overAt()));

        assertThat(podsOf(during)).isEqualTo(podsInOutage);
    }

    @Test
    void everySidecarWarnsOnceOfTheOutage() {
        var warnings = stage.logs().messages(LogLine.Message::warnsOfRedis).stream()
                .collect(Collectors.groupingBy(PodLine::pod, Collectors.counting()));

        assertThat(warnings).isEqualTo(podsInOutage.stream().collect(Collectors.toMap(pod -> pod, pod -> 1L)));
    }

    @Test
    void afterTheOutageRedisJudgesAgain() {
        var after = stage.logs().requests(request -> request.at().isAfter(outage.overAt()) && request.inCandidateArm());

        // A single request may still find Redis too slow on a busy machine.
        assertThat(after).isNotEmpty();
        assertThat(after.stream()
                        .filter(entry -> entry.line().backend().equals("redis"))
                        .count())
                .isGreaterThan(after.size() * 9L / 10);
    }

    @Test
    void theStandbyTakesTheKilledLeadersPlaceAndTheRolloutGoesOnAsIfNothingHadBeen() {
        assertThat(TestCluster.operators().leaderName()).isNotEqualTo(killedLeader);
        assertThat(promotion.promotedAt()).isAfter(killedAt);
        assertThat(phases(promotion.history()))
                .containsSubsequence("Injecting", "Observing", "Progressing", "Baking", "Promoted")
                .doesNotContain("RollingBack", "RolledBack")
                .doesNotHaveDuplicates();
        assertThat(weights(promotion.history())).containsExactly(0, 10, 100);
    }

    private static List<String> phases(List<Seen> history) {
        return withoutRepeats(
                history.stream().map(Seen::rollout).map(RolloutView::phase).filter(phase -> !phase.isEmpty()));
    }

    private static List<Integer> weights(List<Seen> history) {
        return withoutRepeats(history.stream().map(Seen::rollout).map(RolloutView::weight));
    }

    private static <T> List<T> withoutRepeats(Stream<T> values) {
        return values.collect(
                java.util.ArrayList::new,
                (list, value) -> {
                    if (list.isEmpty() || !list.getLast().equals(value)) {
                        list.add(value);
                    }
                },
                List::addAll);
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
                .map(Seen::rollout)
                .filteredOn(rollout -> rollout.is("Progressing"))
                .anySatisfy(rollout -> {
                    assertThat(rollout.stepText()).isEqualTo("1/2");
                    assertThat(rollout.nextIn()).matches("([0-9]+m)?([0-9]+s)?");
                    assertThat(rollout.worstSignal()).isNotEmpty();
                });
    }

    @Test
    void describeTellsTheStoryInEvents() {
        var events = TestCluster.scripts()
                .kubectl("", "-n", TestCluster.NAMESPACE, "describe", "rlr", "scholarship-api")
                .lines()
                .dropWhile(line -> !line.startsWith("Events:"))
                .toList();

        assertThat(String.join("\n", events))
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

    @Test
    void readyIsTrueOnceItIsPromoted() {
        var conditions = promotion.history().getLast().rollout().conditions();

        assertThat(Map.of("Ready", "True", "Stalled", "False"))
                .allSatisfy((type, status) -> assertThat(conditions.get(type))
                        .as(type)
                        .extracting("status")
                        .isEqualTo(status));
    }
}
