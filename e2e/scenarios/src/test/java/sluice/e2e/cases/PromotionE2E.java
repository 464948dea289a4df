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
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;
import sluice.e2e.story.Afterwards;
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
    private static final int USERS = 6_000;
    private static final double SHARE_TOLERANCE = 0.02;
    // Of so many the share is five standard deviations from missing its tolerance by chance: once in two million runs.
    private static final int MANY_USERS = 5_700;
    private static final int SOME_USERS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration QUIET = Duration.ofMinutes(5);

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
        var running = TestCluster.load(TestCluster.RATE, "--users", Integer.toString(USERS));
        try (Afterwards _ = () -> load = running.stop()) {
            promotion = Promotion.play(stage, manifest(), this::atStep);
        }
    }

    /** Its first step lasts as long as what is done in it, and its last until long after the leader was killed. */
    private static Manifest manifest() {
        return TestCluster.manifest().withHolds("30m", "90s").with("/spec/stopLoss/deadManSwitch", "2m");
    }

    private void atStep(int weight) {
        if (weight == 10) {
            withTwoReplicas = awaitUsers(MANY_USERS, 10, Instant.MIN);
            scaleInMidStep();
            killRedisInMidStep();
            stage.command("skip-hold");
        } else {
            awaitUsers(SOME_USERS, 100, Instant.MIN);
            killTheLeader();
        }
    }

    private void scaleInMidStep() {
        stage.say("scaling from 2 to 4 replicas");
        stage.app().scale(4);
        scaledAt = stage.now();
        withFourReplicas = awaitUsers(MANY_USERS, 10, scaledAt);
        Patience.until(
                "requests to each of four replicas",
                PATIENCE,
                () -> podsOf(requestsBetween(scaledAt, stage.now())).size() == 4);
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

    private StepFigures awaitUsers(int atLeast, int weight, Instant since) {
        Patience.until(
                "%d users at weight %d".formatted(atLeast, weight),
                PATIENCE,
                () -> figures(weight, since).users() >= atLeast);
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
        assertThat(withTwoReplicas.observedShare()).isCloseTo(0.10, within(SHARE_TOLERANCE));
    }

    @Test
    void theShareOfCallersIsTheWeightAfterScalingToFourInMidStep() {
        assertThat(withFourReplicas.observedShare()).isCloseTo(0.10, within(SHARE_TOLERANCE));
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
        assertThat(podsInOutage)
                .allSatisfy(pod -> assertThat(warnings(pod))
                        .anyMatch(at -> at.isAfter(outage.killedAt().minus(QUIET)) && at.isBefore(outage.overAt())));
    }

    /** Which may be of another time as well, when a busy machine found Redis too slow. */
    @Test
    void noSidecarWarnsTwiceInFiveMinutes() {
        // The log's clock is not the one by which the sidecar keeps quiet.
        var quiet = QUIET.minusSeconds(1);

        assertThat(podsInOutage)
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
        var after = stage.logs().requests(request -> request.at().isAfter(outage.overAt()) && request.inCandidateArm());
        var byRedis = after.stream()
                .filter(entry -> entry.line().backend().equals("redis"))
                .toList();

        assertThat(podsOf(byRedis)).isEqualTo(podsInOutage);
        // How many find it too slow is the machine's doing.
        System.out.printf("Figures, after the outage: %d of %d decisions by Redis%n", byRedis.size(), after.size());
        assertThat(byRedis).hasSizeGreaterThan(after.size() / 2);
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
        var conditions = promotion.history().getLast().rollout().conditions();

        assertThat(Map.of("Ready", "True", "Stalled", "False"))
                .allSatisfy((type, status) -> assertThat(conditions.get(type))
                        .as(type)
                        .extracting("status")
                        .isEqualTo(status));
    }
}
