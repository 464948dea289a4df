package sluice.e2e.cases;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.PodLine;
import sluice.e2e.measure.PromotionFigures;
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
final class EventfulPromotion {
    /** How many users the share of callers is counted of, at least. */
    static final int MANY_USERS = 5_700;

    private static final int USERS = 6_000;
    private static final int SOME_USERS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Stage stage;
    private Promotion promotion;
    private LoadResults load;
    private StepFigures withTwoReplicas;
    private StepFigures withFourReplicas;
    private Instant scaledAt;
    private RedisOutage outage;
    private Set<String> podsInOutage;
    private String killedLeader;
    private Instant killedAt;

    private EventfulPromotion(Stage stage) {
        this.stage = stage;
    }

    static EventfulPromotion play(Stage stage) {
        var played = new EventfulPromotion(stage);
        var running = TestCluster.load(TestCluster.RATE, "--users", Integer.toString(USERS));
        try (Afterwards _ = () -> played.load = running.stop()) {
            played.promotion = Promotion.play(stage, manifest(), played::atStep);
        }
        return played;
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

    private List<PodLine<LogLine.Request>> requestsBetween(Instant from, Instant to) {
        return stage.logs()
                .requests(request -> request.at().isAfter(from) && request.at().isBefore(to));
    }

    static Set<String> podsOf(Collection<PodLine<LogLine.Request>> lines) {
        return lines.stream().map(PodLine::pod).collect(Collectors.toSet());
    }

    PromotionFigures figures() {
        return promotion.figures(stage, load);
    }

    StepFigures withTwoReplicas() {
        return withTwoReplicas;
    }

    StepFigures withFourReplicas() {
        return withFourReplicas;
    }

    /** The pods that had requests from when they were told to be four until Redis was killed. */
    Set<String> podsAfterScaling() {
        return podsOf(requestsBetween(scaledAt, outage.killedAt()));
    }

    /** The requests that were judged by this weight. */
    List<LogLine.Request> requestsAt(int weight) {
        return requestsAt(weight, request -> true);
    }

    RedisOutage outage() {
        return outage;
    }

    Set<String> podsInOutage() {
        return podsInOutage;
    }

    String killedLeader() {
        return killedLeader;
    }

    Instant killedAt() {
        return killedAt;
    }

    Instant promotedAt() {
        return promotion.promotedAt();
    }

    /** What the rollout showed, from when it was applied until it was promoted. */
    List<RolloutView> history() {
        return promotion.history().stream().map(Seen::rollout).toList();
    }

    /** The phases that it showed, one after the other. */
    List<String> phases() {
        return withoutRepeats(history().stream().map(RolloutView::phase).filter(phase -> !phase.isEmpty()));
    }

    /** The weights that it showed, one after the other. */
    List<Integer> weights() {
        return withoutRepeats(history().stream().map(RolloutView::weight));
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
}
