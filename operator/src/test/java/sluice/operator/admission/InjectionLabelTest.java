package sluice.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;

class InjectionLabelTest {

    private static final InjectionSettings SETTINGS =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://control:9443");

    @Test
    void isTheRolloutsNameAndEightHexDigits() throws JsonProcessingException {
        assertThat(InjectionLabel.valueFor(rollout("redis-a", "http", 100), SETTINGS))
                .matches("api\\.v2\\.[0-9a-f]{8}");
    }

    @Test
    void changesWithWhatIsFixedWhenAPodIsCreated() throws JsonProcessingException {
        var value = InjectionLabel.valueFor(rollout("redis-a", "http", 100), SETTINGS);
        var newImage = InjectionSettings.of("sluice/limiter-sidecar:0.2.0", "IfNotPresent", "https://control:9443");
        assertThat(InjectionLabel.valueFor(rollout("redis-b", "http", 100), SETTINGS))
                .isNotEqualTo(value);
        assertThat(InjectionLabel.valueFor(rollout("redis-a", "web", 100), SETTINGS))
                .isNotEqualTo(value);
        assertThat(InjectionLabel.valueFor(rollout("redis-a", "http", 100), newImage))
                .isNotEqualTo(value);
    }

    @Test
    void staysWhenSidecarsCanBeToldWithoutANewPod() throws JsonProcessingException {
        assertThat(InjectionLabel.valueFor(rollout("redis-a", "http", 5), SETTINGS))
                .isEqualTo(InjectionLabel.valueFor(rollout("redis-a", "http", 100), SETTINGS));
    }

    @Test
    void givesTheRolloutsNameBackEvenWhenItHasDots() {
        assertThat(InjectionLabel.rolloutName("api.v2.0a1b2c3d")).isEqualTo("api.v2");
    }

    private static RateLimitRollout rollout(String secret, String port, int tokens) throws JsonProcessingException {
        return new YAMLMapper().readValue("""
                        metadata: {name: api.v2, namespace: apps}
                        spec:
                          port: %s
                          limiter:
                            backend: Redis
                            redis: {secretRef: {name: %s}}
                            limits: [{name: api, tokens: %d, per: 1m, burst: 150}]
                        """.formatted(port, secret, tokens), RateLimitRollout.class);
    }
}
