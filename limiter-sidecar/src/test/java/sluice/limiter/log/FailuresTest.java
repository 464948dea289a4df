package sluice.limiter.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.metrics.AuthResult;

class FailuresTest {

    private static final long NOW = 1_000_000_000;
    private static final Outcome ALLOW = new Outcome.Allow(Optional.empty());

    private final Failures failures = new Failures();

    @ParameterizedTest
    @ValueSource(strings = {"bob-2024", "123456789012345", "ada@example.org", "7baef6170fa57ffc7baef6170fa57ffc7baef"})
    void anIdThatMayBeAnythingIsLeftOut(String id) {
        failures.see(line(NOW, id, Arm.CANDIDATE, 503, "/api/apply", AuthResult.OK, ALLOW));

        assertThat(failures.told(NOW)).singleElement().asString().endsWith(" request_id=*");
    }

    @Test
    void saysWhatTheLogSaysOfAFailureButNotWhose() {
        see(NOW, Arm.CANDIDATE, 503, "/api/apply", AuthResult.OK, ALLOW);

        assertThat(failures.told(NOW))
                .containsExactly("1970-01-12T13:46:40.000Z candidate 503 GET /api/apply latency_ms=1.234 auth_result=ok"
                        + " rate_limit_state=allow rl_backend=redis request_id=7baef6170fa57ffc");
    }

    @Test
    void keepsNothingOfWhatWentWell() {
        see(NOW, Arm.CANDIDATE, 200, "/", AuthResult.OK, ALLOW);
        see(NOW, Arm.CANDIDATE, 404, "/", AuthResult.NONE, ALLOW);
        see(NOW, Arm.CANDIDATE, 499, "/", AuthResult.NONE, ALLOW);
        see(NOW, Arm.CANDIDATE, 503, "/", AuthResult.NONE, new Outcome.Maintain(Duration.ofMinutes(5)));
        failures.see(new RequestLine(NOW, "id", "GET", "/", 502, 0, AuthResult.NONE, null));

        assertThat(failures.told(NOW)).isEmpty();
    }

    @Test
    void tellsTheNewestOfEachKindAndTheCandidatesFirst() {
        see(NOW - 9, Arm.STABLE, 502, "/stable", AuthResult.NONE, ALLOW);
        see(NOW - 8, Arm.CANDIDATE, 500, "/a", AuthResult.NONE, ALLOW);
        see(NOW - 7, Arm.CANDIDATE, 500, "/b", AuthResult.NONE, ALLOW);
        see(NOW - 6, Arm.CANDIDATE, 500, "/c", AuthResult.NONE, ALLOW);
        for (var i = 5; i > 0; i--) {
            see(NOW - i, Arm.CANDIDATE, 401, "/login", AuthResult.EXPIRED, ALLOW);
        }

        assertThat(failures.told(NOW))
                .extracting(text -> text.split(" ", -1)[4])
                .containsExactly("/c", "/login", "/b", "/stable");
    }

    @Test
    void tellsOfThrottlesAndOfWhatTheWafBlocked() {
        see(NOW, Arm.CANDIDATE, 403, "/", AuthResult.NONE, new Outcome.Block());

        assertThat(failures.told(NOW)).singleElement().asString().contains(" 403 ", " rate_limit_state=block ");
    }

    @Test
    void forgetsWhatIsTenMinutesOld() {
        see(NOW, Arm.CANDIDATE, 500, "/", AuthResult.NONE, ALLOW);

        assertThat(failures.told(NOW + 600_000)).hasSize(1);
        assertThat(failures.told(NOW + 600_001)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/users/1234/apply, /api/v1/users/*/apply",
        "/invite/q8Zk3f, /invite/*",
        "/u/ada@example.org, /u/*",
        "/a/abcdefghijklmnopqrstuvwxyz, /a/*",
        "/<!channel>/%0a, /*/*",
        "/café, /*",
        "//, //"
    })
    void leavesOutOfAPathWhatMayTellOfSomebody(String path, String told) {
        see(NOW, Arm.CANDIDATE, 500, path, AuthResult.NONE, ALLOW);

        assertThat(failures.told(NOW)).singleElement().asString().contains(" GET " + told + " latency_ms");
    }

    @Test
    void staysShortAndPlainWhateverACallerSends() {
        failures.see(new RequestLine(
                NOW,
                "<!here>".repeat(10),
                "<@U1>",
                "/word".repeat(2_000),
                500,
                Long.MAX_VALUE,
                AuthResult.NONE,
                judgement(Arm.CANDIDATE, ALLOW)));

        assertThat(failures.told(NOW)).singleElement().asString().matches("[ -;=?-~]{1,240}");
    }

    @Test
    void isFilledByTheRequestLog() {
        try (var log = RequestLog.start(OutputStream.nullOutputStream(), () -> {})) {
            log.write(line(System.currentTimeMillis(), Arm.STABLE, 500, "/", AuthResult.NONE, ALLOW));

            await().until(() -> log.failures().size() == 1);
        }
    }

    private void see(long at, Arm arm, int status, String path, AuthResult auth, Outcome outcome) {
        failures.see(line(at, arm, status, path, auth, outcome));
    }

    private static RequestLine line(long at, Arm arm, int status, String path, AuthResult auth, Outcome outcome) {
        return line(at, "7baef6170fa57ffc", arm, status, path, auth, outcome);
    }

    private static RequestLine line(
            long at, String id, Arm arm, int status, String path, AuthResult auth, Outcome outcome) {
        return new RequestLine(at, id, "GET", path, status, 1_234_567, auth, judgement(arm, outcome));
    }

    private static Judgement judgement(Arm arm, Outcome outcome) {
        return new Judgement(
                arm, "new", 7, "user:canary", Backend.REDIS, outcome, false, Optional.empty(), TokenCheck.ABSENT);
    }
}
