package sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over six hours that a real Prometheus has: ten minutes of failures, later three, later twelve without data. */
class BacktestIT {
    private static final String RESOURCE = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api, namespace: apps}
            spec:
              targetRef: {name: api}
              limiter: {backend: Redis, redis: {secretRef: {name: redis}}, limits: [{name: all, tokens: 10, per: 1s}]}
              strategy: {observe: 5m, steps: [{weight: 10, hold: 10m, approval: Manual}, {weight: 100, hold: 10m}]}
              gates: [{signal: ErrorRatio, max: "0"}]
            """;
    private static final Duration FAILURES = Duration.ofHours(2);
    private static final Duration FEW = Duration.ofHours(4);
    private static final Duration SILENCE = Duration.ofHours(5);

    @TempDir
    static Path folder = Path.of("");

    private static @Nullable RecordedPrometheus prometheus;
    private static Instant begin = Instant.EPOCH;

    @BeforeAll
    static void record() throws IOException {
        begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(8, ChronoUnit.HOURS);
        prometheus = RecordedPrometheus.with(
                folder,
                new RecordedService(begin, Duration.ofHours(6))
                        .failing(FAILURES, Duration.ofMinutes(10))
                        .failing(FEW, Duration.ofMinutes(3))
                        .silent(SILENCE, Duration.ofMinutes(12))
                        .openMetrics());
    }

    @AfterAll
    static void stop() {
        requireNonNull(prometheus).close();
    }

    private static Run backtest(Instant from, Instant to, String... more) throws IOException {
        var file = Files.writeString(folder.resolve("rollout.yaml"), RESOURCE);
        var arguments = new ArrayList<>(List.of(
                "backtest",
                "-f",
                file.toString(),
                "--prometheus",
                requireNonNull(prometheus).url(),
                "--from",
                from.toString(),
                "--to",
                to.toString()));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    private static JsonNode json(Instant from, Instant to) throws IOException {
        var run = backtest(from, to, "-o", "json");
        assertThat(run.err()).isEmpty();
        return new JsonMapper().readTree(run.out());
    }

    private static Instant at(Duration time) {
        return begin.plus(time);
    }

    @Test
    void findsWhatWouldHaveGoneBackAndWhatNearlyHad() throws IOException {
        var report = json(at(Duration.ofMinutes(10)), at(Duration.ofHours(6)));

        assertThat(report.path("rollbacks").findValuesAsText("signal")).containsExactly("ErrorRatio", "NoData");
        var failure = report.at("/rollbacks/0");
        assertThat(Instant.parse(failure.path("at").asText()))
                .isBetween(at(FAILURES.plusSeconds(290)), at(FAILURES.plusMinutes(6)));
        assertThat(failure.path("value").asDouble()).isBetween(0.01, 0.0501);
        assertThat(failure.path("threshold").asDouble()).isEqualTo(0.01);
        assertThat(Instant.parse(report.at("/rollbacks/1/at").asText()))
                .isBetween(at(SILENCE.plusMinutes(5)), at(SILENCE.plusMinutes(8)));

        assertThat(report.path("nearMissCount").asInt()).isEqualTo(1);
        var miss = report.at("/nearMisses/0");
        assertThat(miss.path("signal").asText()).isEqualTo("ErrorRatio");
        assertThat(Instant.parse(miss.path("since").asText())).isBetween(at(FEW), at(FEW.plusMinutes(1)));
        assertThat(miss.path("peak").asDouble()).isEqualTo(0.05, within(0.001));
        assertThat(miss.path("seconds").asDouble()).isBetween(150.0, 290.0);

        assertThat(report.path("promoted").asInt()).isBetween(8, 13);
        assertThat(report.path("begun").asInt()).isBetween(10, 15);
    }

    @Test
    void tellsHowMuchEachSignalVaries() throws IOException {
        var signals = json(at(Duration.ofMinutes(10)), at(Duration.ofHours(6))).path("signals");
        assertThat(signals.findValuesAsText("signal"))
                .containsExactly("ErrorRatio", "LatencyP95", "AuthFailures", "ThrottledRatio");
        var errors = signals.path(0);
        assertThat(errors.path("moments").asInt()).isEqualTo(350 * 6 + 1);
        assertThat(errors.path("median").asDouble()).isZero();
        assertThat(errors.path("max").asDouble()).isEqualTo(0.05, within(0.001));
        assertThat(errors.path("nearest").asDouble()).isEqualTo(5, within(0.1));
        assertThat(errors.path("missing").asDouble()).isBetween(0.02, 0.05);
        assertThat(signals.at("/1/p95").asDouble()).isBetween(0.12, 0.3);
        assertThat(signals.at("/2/median").asDouble()).isEqualTo(1 / 160.0, within(0.0001));
        assertThat(signals.at("/2/threshold").asDouble()).isEqualTo(3 / 160.0, within(0.0001));
    }

    @Test
    void quietHoursHaveNothingToTell() throws IOException {
        var run = backtest(at(Duration.ofMinutes(10)), at(Duration.ofMinutes(110)));
        assertThat(run.out())
                .contains(": 3 promoted, 0 rolled back, 1 under way at the end")
                .contains("no rollback would have been\nno near miss\n");
    }

    @Test
    void aRolloutThatPrometheusHasNothingOfIsMissingData() throws IOException {
        var run = backtest(at(Duration.ofMinutes(-60)), at(Duration.ofMinutes(-30)));
        assertThat(run.out()).contains("data have been missing since").contains("100%");
    }
}
