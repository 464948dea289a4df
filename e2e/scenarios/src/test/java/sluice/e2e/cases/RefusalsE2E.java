package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.e2e.rollout.Manifest;

/** Bad resources never get past the API server, which says what is wrong and what to do. */
@Order(1)
class RefusalsE2E {
    @Test
    void stepsThatDoNotEndAtEverybody() {
        assertRefused(
                TestCluster.manifest().with("/spec/strategy/steps", List.of(Map.of("weight", 10, "hold", "1m"))),
                "spec.strategy.steps",
                "must have weight 100; add");
    }

    @Test
    void stepsThatFall() {
        assertRefused(
                TestCluster.manifest()
                        .with("/spec/strategy/steps/0/weight", 100)
                        .with("/spec/strategy/steps/1/weight", 10),
                "spec.strategy.steps",
                "sort the steps");
    }

    @Test
    void redisWithoutItsSecret() {
        assertRefused(
                TestCluster.manifest().with("/spec/limiter", Map.of("backend", "Redis", "limits", limits())),
                "spec.limiter.redis",
                "add redis.secretRef.name");
    }

    @Test
    void aUserHeaderThatAnybodyMaySend() {
        assertRefused(
                TestCluster.manifest().with("/spec/limiter/identity", Map.of("user", Map.of("header", "X-User-Id"))),
                "spec.limiter.identity.trustedProxies",
                "name at least one network");
    }

    @Test
    void aThresholdThatIsNoShare() {
        assertRefused(
                TestCluster.manifest().with("/spec/stopLoss/rules/0/threshold", "1%"),
                "spec.stopLoss.rules",
                "such as \"0.01\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/spec/strategy/observe, 1y, spec.strategy.observe, must be a duration",
        "/spec/capture, Redirect, spec.capture, not supported in this version yet; remove it"
    })
    void aValueThatCannotBe(String place, String value, String field, String fix) {
        assertRefused(TestCluster.manifest().with(place, value), field, fix);
    }

    private static List<Map<String, Object>> limits() {
        return List.of(Map.of("name", "api", "tokens", 60, "per", "1m"));
    }

    private static void assertRefused(Manifest manifest, String field, String fix) {
        var answer = TestCluster.scripts().tryKubectl(manifest.text(), "apply", "-f", "-");

        assertThat(answer.code()).as(answer.out()).isNotZero();
        assertThat(answer.err()).contains(field).contains(fix);
    }
}
