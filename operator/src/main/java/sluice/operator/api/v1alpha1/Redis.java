package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How to reach Redis. */
public record Redis(
        @JsonPropertyDescription(
                "The Secret with REDIS_URL (redis://, redis-sentinel://, redis-cluster://, or with rediss for TLS) and,"
                        + " where needed, REDIS_TLS, REDIS_SENTINEL_USERNAME, REDIS_SENTINEL_PASSWORD, ca.crt, tls.crt"
                        + " and tls.key; docs/redis.md describes them. It is mounted into the sidecar alone.")
        @Required
        SecretRef secretRef,

        @JsonPropertyDescription("How long a decision waits for Redis, 1ms to 1s, before it is taken in memory.")
        @Default(Redis.DEFAULT_TIMEOUT)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1ms') && duration(self) <= duration('1s')",
                message = Cel.DURATION_HELP + "1ms to 1s")
        String timeout) {

    static final String DEFAULT_TIMEOUT = "20ms";

    public Redis {
        timeout = requireNonNullElse(timeout, DEFAULT_TIMEOUT);
    }
}
