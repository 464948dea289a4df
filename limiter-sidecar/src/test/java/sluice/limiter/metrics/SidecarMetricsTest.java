package sluice.limiter.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.TokenCheck;

/** The names and labels are those of docs/architecture.md. */
class SidecarMetricsTest {

    private final PrometheusMeterRegistry registry = SidecarMetrics.newRegistry();
    private final SidecarMetrics metrics = new SidecarMetrics(registry);

    @BeforeEach
    void configure() {
        metrics.watch(() -> false, () -> true, () -> false);
        configured("3f9a0c12de", 7);
    }

    private void configured(String candidate, long epoch) {
        metrics.configured(
                "scholarship-api",
                List.of(
                        new ArmRevision(Arm.STABLE, "off", List.of()),
                        new ArmRevision(Arm.CANDIDATE, candidate, List.of("api", "login"))),
                epoch,
                10);
    }

    private static Judgement judgement(Arm arm, String revision, long epoch, boolean shadowed) {
        return new Judgement(
                arm,
                revision,
                epoch,
                "ip:0123456789abcdef",
                Backend.MEMORY,
                new Outcome.Allow(Optional.empty()),
                shadowed,
                Optional.empty(),
                TokenCheck.ABSENT);
    }

    private List<String> samples(String name) {
        return metrics.scrape(MetricsFormat.TEXT)
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .toList();
    }

    private double value(String name, String... labels) {
        var found = samples(name).stream()
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .toList();
        assertThat(found).as(name + List.of(labels)).hasSize(1);
        return Double.parseDouble(found.getFirst().substring(found.getFirst().lastIndexOf(' ')));
    }

    @Test
    void publishesEveryArmAndClassWithZeroFromTheStart() {
        for (var arm : List.of("revision=\"off\"", "revision=\"3f9a0c12de\"")) {
            for (var decision : List.of("allow", "throttle", "block")) {
                for (var backend : List.of("redis", "memory", "off")) {
                    assertThat(value(
                                    "sluice_decisions_total",
                                    arm,
                                    "decision=\"" + decision + '"',
                                    "backend=\"" + backend + '"'))
                            .isZero();
                }
            }
            for (var status : List.of("2xx", "3xx", "4xx", "5xx")) {
                assertThat(value("sluice_app_responses_total", arm, "class=\"" + status + '"'))
                        .isZero();
            }
            for (var result : List.of("ok", "missing", "invalid", "expired", "none")) {
                assertThat(value("sluice_auth_total", arm, "result=\"" + result + '"'))
                        .isZero();
            }
            assertThat(samples("sluice_app_latency_seconds_count")).hasSize(2);
            assertThat(value("sluice_app_latency_seconds_count", arm)).isZero();
            for (var bound : List.of("0.12", "0.3", "+Inf")) {
                assertThat(value("sluice_app_latency_seconds_bucket", arm, "le=\"" + bound + '"'))
                        .isZero();
            }
        }
        for (var arm : List.of("arm=\"stable\"", "arm=\"candidate\"")) {
            assertThat(value("sluice_limiter_duration_seconds_count", arm)).isZero();
            assertThat(value("sluice_limiter_duration_seconds_bucket", arm, "le=\"+Inf\""))
                    .isZero();
        }
        assertThat(value("sluice_log_dropped_total")).isZero();
        assertThat(value("sluice_busiest_identity_ratio")).isZero();
        assertThat(value("sluice_config_epoch")).isEqualTo(7);
        assertThat(value("sluice_config_weight")).isEqualTo(10);
        assertThat(value("sluice_lease_lost")).isZero();
        assertThat(value("sluice_draining")).isEqualTo(1);
    }

    @Test
    void labelsEverySampleWithTheRollout() {
        assertThat(metrics.scrape(MetricsFormat.TEXT).lines().filter(line -> !line.startsWith("#")))
                .isNotEmpty()
                .allMatch(line -> line.contains("{rollout=\"scholarship-api\""));
    }

    @Test
    void labelsMetersThatOthersRegisteredEarlier() {
        registry.counter("sluice.redis.failures", "reason", "timeout").increment();
        assertThat(metrics.scrape(MetricsFormat.TEXT))
                .contains("sluice_redis_failures_total{rollout=\"scholarship-api\",reason=\"timeout\"} 1");
    }

    @Test
    void removesARevisionThatIsNoLongerInForceAndKeepsTheCountsOfTheOther() {
        var judged = judgement(Arm.STABLE, "off", 7, false);
        Objects.requireNonNull(metrics.of(judged)).answered(judged, 200, AuthResult.OK);
        configured("aaaaaaaaaa", 8);
        assertThat(metrics.scrape(MetricsFormat.TEXT))
                .doesNotContain("3f9a0c12de")
                .contains("aaaaaaaaaa");
        assertThat(value("sluice_app_responses_total", "revision=\"off\"", "class=\"2xx\""))
                .isEqualTo(1);
    }

    @Test
    void countsForARevisionThatIsAnnouncedLater() {
        var early = Objects.requireNonNull(metrics.of(judgement(Arm.CANDIDATE, "bbbbbbbbbb", 8, false)));
        early.decided(judgement(Arm.CANDIDATE, "bbbbbbbbbb", 8, false));
        configured("bbbbbbbbbb", 8);
        assertThat(value("sluice_decisions_total", "bbbbbbbbbb", "allow", "memory"))
                .isEqualTo(1);
    }

    @Test
    void forgetsARequestOfARevisionThatIsGone() {
        configured("aaaaaaaaaa", 8);
        assertThat(metrics.of(judgement(Arm.CANDIDATE, "3f9a0c12de", 7, false))).isNull();
        assertThat(metrics.scrape(MetricsFormat.TEXT)).doesNotContain("3f9a0c12de");
    }

    @Test
    void countsByTheLimitThatBoundTheRequestAndPublishesAllOfThemWithZero() {
        var api = new LimitState("api", 100, Duration.ofMinutes(1), 150, 12, Duration.ofSeconds(33));
        var candidate = Objects.requireNonNull(metrics.of(judgement(Arm.CANDIDATE, "3f9a0c12de", 7, false)));
        candidate.decided(judgement(new Outcome.Allow(Optional.of(api)), false));
        candidate.decided(judgement(new Outcome.Allow(Optional.of(api)), true));
        candidate.decided(judgement(new Outcome.Throttle(api, Optional.empty()), false));
        candidate.decided(judgement(new Outcome.Allow(Optional.empty()), false));
        candidate.decided(judgement(new Outcome.Block(), false));

        assertThat(samples("sluice_limit_decisions_total")).hasSize(4).allMatch(line -> line.contains("3f9a0c12de"));
        assertThat(value("sluice_limit_decisions_total", "limit=\"api\"", "allow"))
                .isEqualTo(1);
        assertThat(value("sluice_limit_decisions_total", "limit=\"api\"", "throttle"))
                .isEqualTo(2);
        assertThat(value("sluice_limit_decisions_total", "limit=\"login\"", "allow"))
                .isZero();
        assertThat(value("sluice_limit_decisions_total", "limit=\"login\"", "throttle"))
                .isZero();
    }

    @Test
    void countsWhatTheAppAnsweredByTheLimitThatBoundTheRequest() {
        var api = new LimitState("api", 100, Duration.ofMinutes(1), 150, 12, Duration.ofSeconds(33));
        var candidate = Objects.requireNonNull(metrics.of(judgement(Arm.CANDIDATE, "3f9a0c12de", 7, false)));
        candidate.answered(judgement(new Outcome.Allow(Optional.of(api)), false), 401, AuthResult.MISSING);
        candidate.answered(judgement(new Outcome.Allow(Optional.empty()), false), 200, AuthResult.OK);

        assertThat(samples("sluice_limit_responses_total"))
                .hasSize(8)
                .filteredOn(line -> !line.endsWith(" 0.0") && !line.endsWith(" 0"))
                .singleElement()
                .asString()
                .contains("3f9a0c12de", "limit=\"api\"", "class=\"4xx\"");
    }

    private static Judgement judgement(Outcome outcome, boolean shadowed) {
        var it = judgement(Arm.CANDIDATE, "3f9a0c12de", 7, shadowed);
        return new Judgement(
                it.arm(),
                it.revision(),
                it.epoch(),
                it.key(),
                it.backend(),
                outcome,
                shadowed,
                it.wafRule(),
                it.tokenCheck());
    }

    @Test
    void announcesTheLimitsOfARevisionThatWasSeenBeforeItsConfiguration() {
        metrics.of(judgement(Arm.CANDIDATE, "bbbbbbbbbb", 8, false));
        configured("bbbbbbbbbb", 8);
        assertThat(value("sluice_limit_decisions_total", "bbbbbbbbbb", "limit=\"login\"", "allow"))
                .isZero();
    }

    @Test
    void givesEveryBucketARecentRequestAsItsExample() {
        var arm = Objects.requireNonNull(metrics.of(judgement(Arm.CANDIDATE, "3f9a0c12de", 7, false)));
        arm.appTook(Duration.ofMillis(119).toNanos(), "r-119");
        arm.appTook(Duration.ofMillis(120).toNanos(), "r-120");
        arm.appTook(Duration.ofMillis(121).toNanos(), "r-121");
        arm.appTook(Duration.ofSeconds(60).toNanos(), "\"quoted\\");
        arm.appTook(Duration.ofMillis(1).toNanos(), "r".repeat(128));

        assertThat(value("sluice_app_latency_seconds_bucket", "3f9a0c12de", "le=\"0.1\""))
                .isEqualTo(1);
        assertThat(value("sluice_app_latency_seconds_bucket", "3f9a0c12de", "le=\"0.12\""))
                .isEqualTo(3);
        assertThat(value("sluice_app_latency_seconds_bucket", "3f9a0c12de", "le=\"0.15\""))
                .isEqualTo(4);
        assertThat(value("sluice_app_latency_seconds_bucket", "3f9a0c12de", "le=\"+Inf\""))
                .isEqualTo(5);
        assertThat(value("sluice_app_latency_seconds_count", "3f9a0c12de")).isEqualTo(5);
        assertThat(value("sluice_app_latency_seconds_sum", "3f9a0c12de")).isCloseTo(60.361, within(1e-9));
        assertThat(exemplar("0.12")).contains("# {request_id=\"r-119\"} 0.119 ");
        assertThat(exemplar("0.15")).contains("# {request_id=\"r-121\"} 0.121 ");
        assertThat(exemplar("+Inf")).contains("# {request_id=\"\\\"quoted\\\\\"} 60.0 ");
        assertThat(exemplar("0.005")).as("longer than OpenMetrics allows").doesNotContain("#");
    }

    private String exemplar(String bound) {
        return metrics.scrape(MetricsFormat.OPEN_METRICS)
                .lines()
                .filter(line -> line.startsWith("sluice_app_latency_seconds_bucket{")
                        && line.contains("3f9a0c12de")
                        && line.contains("le=\"" + bound + '"'))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsAShadowedRequestAsAThrottle() {
        assertThat(Decision.of(judgement(Arm.CANDIDATE, "a", 1, true))).isEqualTo(Decision.THROTTLE);
        assertThat(Decision.of(judgement(Arm.CANDIDATE, "a", 1, false))).isEqualTo(Decision.ALLOW);
    }
}
