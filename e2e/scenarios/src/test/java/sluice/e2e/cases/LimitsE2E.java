package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.cluster.App;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.PodLine;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/** What the promoted limiter does to single callers. */
@Order(3)
class LimitsE2E {
    // The promoted limit: as many a minute, and as many saved up.
    private static final int TOKENS = 60;
    private static final int AT_ONCE = 16;
    private static final String INJECTION = "/api/courses?id=1%27%20OR%20%271%27=%271";

    private final Stage stage = TestCluster.stage();
    private final Callers callers = Callers.ofThisCluster(TestCluster.client());
    private final Http waf = Http.throughTheWaf();

    @Test
    void aUserWhoSendsTenTimesItsLimitThroughTwoReplicasGetsItsTokensOnce() {
        var began = Instant.now();
        var answers = flood(callers.newUser(), 10 * TOKENS);
        long refilled = Duration.between(began, Instant.now()).toSeconds() * TOKENS / 60 + 1;

        var allowed =
                answers.stream().filter(answer -> answer.statusCode() == 200).count();
        assertThat(allowed).isBetween((long) TOKENS, TOKENS + refilled);
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200 || answer.statusCode() == 429);
        Patience.until(
                "two replicas in the log",
                Duration.ofSeconds(20),
                () -> podsOfTheBusiestCaller(began).size() >= 2);
    }

    @Test
    void aRejectedRequestIsToldWhenToComeAgain() {
        var rejected = flood(callers.newUser(), 2 * TOKENS).stream()
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
        var user = callers.newUser();
        var before = waf.get("/detect/api/me", user);
        var began = Instant.now();
        var blocked = Stream.generate(() -> waf.get("/detect" + INJECTION, user))
                .limit(20)
                .toList();
        var after = waf.get("/detect/api/me", user);

        assertThat(before.statusCode()).isEqualTo(200);
        assertThat(blocked).allMatch(answer -> answer.statusCode() == 403);
        assertThat(after.statusCode()).isEqualTo(200);
        // Two requests were let through and at least two tokens are gone; twenty more would show.
        assertThat(remaining(after)).isBetween(TOKENS - 2L, (long) TOKENS - 1);
        Patience.until(
                "the blocked requests in the log",
                Duration.ofSeconds(20),
                () -> blockedSince(began).size() >= 20);
        assertThat(blockedSince(began)).allSatisfy(entry -> {
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

    /** The pods that let the busiest caller through. */
    private Set<String> podsOfTheBusiestCaller(Instant since) {
        return stage
                .logs()
                .requests(request ->
                        request.at().isAfter(since) && request.state().equals("allow"))
                .stream()
                .collect(Collectors.groupingBy(entry -> entry.line().key()))
                .values()
                .stream()
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of())
                .stream()
                .map(PodLine::pod)
                .collect(Collectors.toSet());
    }

    private List<PodLine<LogLine.Request>> blockedSince(Instant since) {
        return stage.logs()
                .requests(request ->
                        request.at().isAfter(since) && request.state().equals("block"));
    }

    private static long remaining(HttpResponse<String> answer) {
        var field = header(answer, "RateLimit");
        return Long.parseLong(field.replaceAll(".*;r=([0-9]+).*", "$1"));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
