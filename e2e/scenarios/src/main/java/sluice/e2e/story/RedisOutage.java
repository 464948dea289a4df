package sluice.e2e.story;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Predicate;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.LogLine;
import sluice.e2e.measure.OutageFigures;

/**
 * Redis was killed and started again.
 *
 * @param overAt when every sidecar used it again
 */
public record RedisOutage(Instant killedAt, Instant restartedAt, Instant overAt) {
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration UNTIL_NOTICED = Duration.ofMinutes(3);
    private static final int DECISIONS_PER_POD = 5;

    /** Kills Redis, waits until every sidecar has judged several requests without it, starts it, and waits until every sidecar is back. */
    public static RedisOutage play(Stage stage) {
        var pods = stage.podNames();
        stage.say("Redis is killed (SIGKILL)");
        var killedAt = stage.now();
        stage.scripts().run("around/redis", "kill");
        awaitDecisions(
                stage, pods, "in memory", killedAt, request -> request.backend().equals("memory"));
        Patience.until("the outage to last", UNTIL_NOTICED, () -> stage.now().isAfter(killedAt.plus(SHORTEST)));
        stage.scripts().run("around/redis", "start");
        var restartedAt = stage.now();
        stage.say("Redis is back");
        awaitDecisions(
                stage,
                pods,
                "by Redis",
                restartedAt,
                request -> request.backend().equals("redis"));
        return new RedisOutage(killedAt, restartedAt, stage.now());
    }

    private static void awaitDecisions(
            Stage stage, Collection<String> pods, String how, Instant since, Predicate<LogLine.Request> decided) {
        Patience.until(
                "decisions %s by each of %s".formatted(how, pods),
                UNTIL_NOTICED,
                () -> pods.stream().allMatch(pod -> decisions(stage, pod, since, decided) >= DECISIONS_PER_POD));
    }

    private static long decisions(Stage stage, String pod, Instant since, Predicate<LogLine.Request> decided) {
        return stage.logs().requests(request -> request.at().isAfter(since) && decided.test(request)).stream()
                .filter(entry -> entry.pod().equals(pod))
                .count();
    }

    public OutageFigures figures(Stage stage, LoadResults load) {
        return OutageFigures.of(stage.logs(), load, killedAt, overAt);
    }
}
