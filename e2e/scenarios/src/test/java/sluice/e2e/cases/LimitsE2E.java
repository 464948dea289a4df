package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.cluster.App;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.PodLine;
import sluice.e2e.rollout.StoryBrokenException;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/** What the promoted limiter does to single callers. */
@Order(3)
class LimitsE2E {
    // The promoted limit: as many a minute, and as many saved up.
    private static final int TOKENS = 60;
    private static final int AT_ONCE = 16;
    private static final int BLOCKED = 20;
    private static final int MOST_TRIES = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String INJECTION = "/api/courses?id=1%27%20OR%20%271%27=%271";

    private final Stage stage = TestCluster.stage();
    private final Callers callers = Callers.ofThisCluster(TestCluster.client());
    private final Http waf = Http.throughTheWaf();

    /** What a user was answered, all of it by Redis' word, and what the log says of it. */
    private record Served(List<HttpResponse<String>> answers, Duration took, List<PodLine<LogLine.Request>> lines) {}

    /**
     * Serves new users until Redis has judged every request of one. A busy machine may find it too slow for some; these are judged in memory, where each
     * replica has a share of its own to give.
     */
    private Served byRedis(Function<String, List<HttpResponse<String>>> requests) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            // As fine as the log's times are.
            var began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            var answers = requests.apply(callers.newUser());
            var took = Duration.between(began, Instant.now());
            Patience.until(
                    "every request in the log",
                    PATIENCE,
                    () -> ofTheBusiestUser(began).size() >= answers.size());
            var lines = ofTheBusiestUser(began);
            if (lines.stream().allMatch(entry -> entry.line().backend().equals("redis"))) {
                return new Served(answers, took, lines);
            }
        }
        throw new StoryBrokenException("Redis was too slow for each of " + MOST_TRIES + " users");
    }

    private List<PodLine<LogLine.Request>> ofTheBusiestUser(Instant since) {
        return stage.logs().requests(request -> !request.at().isBefore(since) && request.ofUser()).stream()
                .collect(Collectors.groupingBy(entry -> entry.line().key()))
                .values()
                .stream()
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
    }

    @Test
    void aUserWhoSendsTenTimesItsLimitThroughTwoReplicasGetsItsTokensOnce() {
        var served = byRedis(user -> flood(user, 10 * TOKENS));
        long refilled = served.took().toSeconds() * TOKENS / 60 + 1;

        var allowed = served.answers().stream()
                .filter(answer -> answer.statusCode() == 200)
                .count();
        assertThat(allowed).isBetween((long) TOKENS, TOKENS + refilled);
        assertThat(served.answers()).allMatch(answer -> answer.statusCode() == 200 || answer.statusCode() == 429);
        assertThat(served.lines().stream()
                        .filter(entry -> entry.line().state().equals("allow"))
                        .map(PodLine::pod)
                        .distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void aRejectedRequestIsToldWhenToComeAgain() {
        var rejected = byRedis(user -> flood(user, 2 * TOKENS)).answers().stream()
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();

        assertThat(header(rejected, "Retry-After")).matches("[1-9][0-9]*");
        assertThat(header(rejected, "RateLimit")).startsWith("\"api\";r=0;t=");
        assertThat(header(rejected, "RateLimit-Policy")).startsWith("\"api\";q=60;w=60");
        assertThat(header(rejected, "Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void aRequestThatTheWafMarkedIsBlockedAndCostsNothing() {
        var served = byRedis(user -> Stream.of(
                        Stream.of("/detect/api/me"),
                        Stream.generate(() -> "/detect" + INJECTION).limit(BLOCKED),
                        Stream.of("/detect/api/me"))
                .flatMap(paths -> paths)
                .map(path -> waf.get(path, user))
                .toList());

        assertThat(served.answers().getFirst().statusCode()).isEqualTo(200);
        assertThat(served.answers().subList(1, 1 + BLOCKED)).allMatch(answer -> answer.statusCode() == 403);
        assertThat(served.answers().getLast().statusCode()).isEqualTo(200);
        // Two requests were let through and at least two tokens are gone; twenty more would show.
        assertThat(remaining(served.answers().getLast())).isBetween(TOKENS - 2L, (long) TOKENS - 1);
        assertThat(served.lines())
                .filteredOn(entry -> entry.line().state().equals("block"))
                .hasSize(BLOCKED)
                .allSatisfy(entry -> {
                    assertThat(entry.line().status()).isEqualTo(403);
                    assertThat(entry.line().wafRule())
                            .hasValueSatisfying(rule -> assertThat(rule).matches("[0-9]+"));
                });
    }

    @Test
    void theSameHeaderCountsForNothingFromAPeerThatIsNotTrusted() throws IOException {
        var user = callers.newUser();
        var pod = stage.app().pods().getFirst().getStatus().getPodIP() + ":" + App.SIDECAR_PORT;

        var fromTheWafsAddress = Http.straightTo(pod, TestCluster.TRUSTED_ADDRESS)
                .get("/api/me", user, "X-WAF-Decision", "block", "X-WAF-Rule", "1");
        var fromElsewhere = Http.straightTo(pod, TestCluster.OTHER_ADDRESS)
                .get("/api/me", user, "X-WAF-Decision", "block", "X-WAF-Rule", "1");

        assertThat(fromTheWafsAddress.statusCode()).isEqualTo(403);
        assertThat(fromElsewhere.statusCode()).isEqualTo(200);
    }

    private List<HttpResponse<String>> flood(String user, int requests) {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            return Stream.generate(() -> CompletableFuture.supplyAsync(() -> waf.get("/api/me", user), threads))
                    .limit(requests)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    private static long remaining(HttpResponse<String> answer) {
        var field = header(answer, "RateLimit");
        return Long.parseLong(field.replaceAll(".*;r=([0-9]+).*", "$1"));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
