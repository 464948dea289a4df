package sluice.cli.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.InvalidInputException;

class LoadReportTest {

    private static List<String> kept(Fixture run, Outcome outcome) {
        return new LoadReport(run.evidence())
                .targets().stream()
                        .filter(target -> target.outcome() == outcome)
                        .map(target -> "%s: %s".formatted(target.what(), target.measured()))
                        .toList();
    }

    @Test
    void keepsEveryBoundWhenAllIsWell() {
        assertThat(kept(Fixture.allWell(), Outcome.PASSED)).hasSize(22);
    }

    @Test
    void failsWithAnAnswerThatIsA5xx() {
        assertThat(kept(Fixture.allWell().load("sustained", 800, 1, 0, 40), Outcome.FAILED))
                .containsExactly("sustained, Redis: refused, 5xx and lost: 1 of 10000");
    }

    @Test
    void failsWhenHalfAPercentIsLimitedThoughWithinItsLimits() {
        assertThat(kept(Fixture.allWell().load("burst", 800, 0, 50, 40), Outcome.FAILED))
                .containsExactly("burst, Redis: 429 to callers within their limits: 0.5%");
        assertThat(kept(Fixture.allWell().load("burst", 800, 0, 49, 40), Outcome.FAILED))
                .isEmpty();
    }

    /** A caller that one of two sidecars sees alone has half its limit there. */
    @ParameterizedTest
    @CsvSource({"burst-fallback, burst", "fallback, sustained"})
    void countsApartWhoIsLimitedWithoutRedis(String phase, String title) {
        Fixture limited = Fixture.allWell().load(phase, 800, 0, 5_000, 40);
        assertThat(kept(limited, Outcome.FAILED)).isEmpty();
        assertThat(kept(limited, Outcome.PASSED))
                .contains(title + ", Redis killed: 429 to callers within their limits: 50%");
    }

    @Test
    void holdsABurstWithoutRedisAgainstABurstWithoutASidecar() {
        assertThat(kept(Fixture.allWell().load("burst-fallback", 800, 0, 0, 84), Outcome.FAILED))
                .containsExactly(
                        "burst, Redis killed: P95 over the same without a sidecar: 2.1 times: 84 ms beside 40 ms");
    }

    @Test
    void failsWhenItIsSlow() {
        Fixture slow = Fixture.allWell().load("burst-without", 800, 0, 0, 60).load("burst", 800, 0, 0, 120);
        assertThat(kept(slow, Outcome.FAILED)).containsExactly("burst, Redis: P95: 120 ms");
    }

    @Test
    void failsWhenItIsMoreThanTwiceAsSlowAsTheSameWithoutASidecar() {
        assertThat(kept(Fixture.allWell().load("sustained", 800, 0, 0, 84), Outcome.FAILED))
                .containsExactly(
                        "sustained, Redis: P95 over the same without a sidecar: 2.1 times: 84 ms beside 40 ms");
        assertThat(kept(Fixture.allWell().load("burst-without", 800, 0, 0, 10), Outcome.FAILED))
                .containsExactly(
                        "burst, Redis: P95 over the same without a sidecar: 4 times: 40 ms beside 10 ms",
                        "burst, Redis killed: P95 over the same without a sidecar: 4 times: 40 ms beside 10 ms");
        assertThat(kept(Fixture.allWell().without("load/burst-without.json"), Outcome.NOT_RUN))
                .containsExactly(
                        "burst, Redis: P95 over the same without a sidecar: the same load was not sent without a sidecar",
                        "burst, Redis killed: P95 over the same without a sidecar: the same load was not sent without a sidecar");
    }

    @Test
    void showsWhoHadTheProcessors() {
        assertThat(new LoadReport(Fixture.allWell().evidence()).page().toString())
                .containsIgnoringWhitespaces(
                        "<td>burst, Redis</td><td>25</td><td>20.5</td><td>6.25</td><td>3</td><td>-</td>");
    }

    @Test
    void isNotRunAtASmallerLoad() {
        assertThat(kept(Fixture.allWell().load("burst", 799, 0, 0, 40), Outcome.NOT_RUN))
                .containsExactly(
                        "burst, Redis: requests a second: 799",
                        "burst, Redis: P95 over the same without a sidecar: the same load was not sent without a sidecar");
    }

    @Test
    void isNotRunWhereTheGeneratorFellBehind() {
        Fixture run = Fixture.allWell();
        String text = run.evidence()
                .text("load/burst.json")
                .orElseThrow()
                .replace("\"requests\": 10000", "\"requests\": 4000");

        assertThat(kept(run.with("load/burst.json", text), Outcome.NOT_RUN))
                .containsExactly("burst, Redis: requests a second: 320");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-01-01T12:15:00Z", "+1000000000-12-31T23:59:59Z"})
    void namesATimeThatCannotBe(String time) {
        Fixture run = Fixture.allWell();
        String text = run.evidence().text("load/burst.json").orElseThrow().replace("2026-01-01T12:15:01Z", time);

        assertThatThrownBy(() -> run.with("load/burst.json", text).made())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("load/burst.json: seconds: at: ");
    }

    @Test
    void measuresTheSlopeOfTheSecondHalf() {
        String growing = Fixture.soak().replace("\"minute\": 20, \"rss_mib\": 100", "\"minute\": 20, \"rss_mib\": 102");

        assertThat(kept(Fixture.allWell().with(Soak.FILE, growing), Outcome.FAILED))
                .containsExactly("soak of 20 minutes: memory: sluice-redis 6.53% an hour");
    }

    @Test
    void failsWhenARequestOfTheSoakFailed() {
        String failing = Fixture.soak().replace("100, \"failed\": 0}]", "100, \"failed\": 3}]");

        assertThat(kept(Fixture.allWell().with(Soak.FILE, failing), Outcome.FAILED))
                .containsExactly("soak of 20 minutes: failed requests: sluice-redis 3");
    }

    @Test
    void isNotRunWhereTheSoakLacksFigures() {
        assertThat(kept(Fixture.allWell().with(Soak.FILE, Fixture.soak("sluice-redis", "")), Outcome.NOT_RUN))
                .containsExactly("soak of 20 minutes: sluice-redis has figures of 0 of 20 minutes");
        for (String figure : List.of(", \"rss_mib\": 90", ", \"failed\": 0")) {
            String text = Fixture.soak().replaceFirst(figure, "");
            assertThat(kept(Fixture.allWell().with(Soak.FILE, text), Outcome.NOT_RUN))
                    .containsExactly("soak of 20 minutes: sluice-redis has figures of 19 of 20 minutes");
        }
        String none =
                "{\"measurements\": {\"soak\": {\"sidecar\": \"5ca1ab1e0000\", \"minutes\": 20, \"series\": {}}}}";
        assertThat(kept(Fixture.allWell().with(Soak.FILE, none), Outcome.NOT_RUN))
                .containsExactly("soak of 20 minutes: the soak has no series");
    }

    @Test
    void takesNoSoakOfAnotherSidecarOrAShorterOne() {
        assertThat(kept(
                        Fixture.allWell().with(Soak.FILE, Fixture.soak().replace("5ca1ab1e0000", "ffff")),
                        Outcome.NOT_RUN))
                .containsExactly(
                        "soak of 20 minutes: the soak in bench/results is of another sidecar, that of commit 0123456789ab");
        assertThat(kept(
                        Fixture.allWell().with(Soak.FILE, Fixture.soak().replace("\"minutes\": 20", "\"minutes\": 10")),
                        Outcome.NOT_RUN))
                .containsExactly("soak of 20 minutes: the soak took 10 minutes");
    }
}
