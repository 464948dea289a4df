package sluice.limiter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.TokenCheck;

/** The names and labels are those of docs/architecture.md. */
class SidecarMetricsTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final SidecarMetrics metrics = new SidecarMetrics(registry);

    @BeforeEach
    void configure() {
        metrics.watch(() -> false, () -> true);
        configured("3f9a0c12de", 7);
    }

    private void configured(String candidate, long epoch) {
        metrics.configured(
                "scholarship-api",
                List.of(new ArmRevision(Arm.STABLE, "off"), new ArmRevision(Arm.CANDIDATE, candidate)),
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
        return metrics.scrape()
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
        assertThat(metrics.scrape().lines().filter(line -> !line.startsWith("#")))
                .isNotEmpty()
                .allMatch(line -> line.contains("{rollout=\"scholarship-api\""));
    }

    @Test
    void labelsMetersThatOthersRegisteredEarlier() {
        registry.counter("sluice.redis.failures", "reason", "timeout").increment();
        assertThat(metrics.scrape())
                .contains("sluice_redis_failures_total{rollout=\"scholarship-api\",reason=\"timeout\"} 1");
    }

    @Test
    void removesARevisionThatIsNoLongerInForceAndKeepsTheCountsOfTheOther() {
        Objects.requireNonNull(metrics.of(judgement(Arm.STABLE, "off", 7, false)))
                .answered(200, AuthResult.OK);
        configured("aaaaaaaaaa", 8);
        assertThat(metrics.scrape()).doesNotContain("3f9a0c12de").contains("aaaaaaaaaa");
        assertThat(value("sluice_app_responses_total", "revision=\"off\"", "class=\"2xx\""))
                .isEqualTo(1);
    }

    @Test
    void countsForARevisionThatIsAnnouncedLater() {
        var early = Objects.requireNonNull(metrics.of(judgement(Arm.CANDIDATE, "bbbbbbbbbb", 8, false)));
        early.decided(Decision.ALLOW, Backend.MEMORY);
        configured("bbbbbbbbbb", 8);
        assertThat(value("sluice_decisions_total", "bbbbbbbbbb", "allow", "memory"))
                .isEqualTo(1);
    }

    @Test
    void forgetsARequestOfARevisionThatIsGone() {
        configured("aaaaaaaaaa", 8);
        assertThat(metrics.of(judgement(Arm.CANDIDATE, "3f9a0c12de", 7, false))).isNull();
        assertThat(metrics.scrape()).doesNotContain("3f9a0c12de");
    }

    @Test
    void countsAShadowedRequestAsAThrottle() {
        assertThat(Decision.of(judgement(Arm.CANDIDATE, "a", 1, true))).isEqualTo(Decision.THROTTLE);
        assertThat(Decision.of(judgement(Arm.CANDIDATE, "a", 1, false))).isEqualTo(Decision.ALLOW);
    }
}
