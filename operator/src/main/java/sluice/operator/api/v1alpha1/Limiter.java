package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole limiter: what is counted, for whom and where. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.backend != 'Redis' || has(self.redis)",
        fieldPath = ".redis",
        message = "spec.limiter.redis: is required when backend is Redis; add redis.secretRef.name")
@ValidationRule(
        value = "self.backend != 'Memory' || !has(self.redis)",
        fieldPath = ".redis",
        message = "spec.limiter.redis: is not used when backend is Memory; remove it or set backend: Redis")
@ValidationRule(
        value = "!has(self.waf) || (has(self.identity) && size(self.identity.trustedProxies) > 0)",
        fieldPath = ".waf",
        message = "spec.limiter.waf: a verdict is believed from trusted proxies only;"
                + " add the WAF's network to spec.limiter.identity.trustedProxies")
@ValidationRule(
        value = "!self.limits.exists(l, has(l.tiers) && l.tiers.exists(t, has(t.claim)))"
                + " || (has(self.identity) && has(self.identity.user) && has(self.identity.user.jwt))",
        fieldPath = ".limits",
        message = "spec.limiter.limits[].tiers[].claim: is believed from verified tokens only;"
                + " add spec.limiter.identity.user.jwt")
@ValidationRule(
        value = "!self.limits.exists(l, has(l.tiers) && l.tiers.exists(t, has(t.header)))"
                + " || (has(self.identity) && size(self.identity.trustedProxies) > 0)",
        fieldPath = ".limits",
        message = "spec.limiter.limits[].tiers[].header: is believed from trusted proxies only;"
                + " name at least one network in spec.limiter.identity.trustedProxies")
public record Limiter(
        @JsonPropertyDescription(
                "Where tokens are counted: Redis, shared by all replicas, or Memory, by each replica for" + " itself.")
        @Required
        Backend backend,

        @JsonPropertyDescription("How to reach Redis. Required when backend is Redis.") @Nullable
        Redis redis,

        @JsonPropertyDescription("The limits. All that match a request are taken together or not at all.")
        @Required
        @Size(min = 1, max = 16)
        List<Limit> limits,

        @JsonPropertyDescription(
                "Who a caller is. Without it callers are told apart by the address of their connection.")
        @Nullable
        Identity identity,

        @JsonPropertyDescription("Requests that are never limited.") @Nullable
        Exempt exempt,

        @JsonPropertyDescription(
                "Headers in which a WAF in front passes its verdict on; a request it blocked gets 403 and"
                        + " uses no tokens.")
        @Nullable
        Waf waf,

        @JsonPropertyDescription(
                "Enforce answers 429 when there is no token; Shadow only counts. What the WAF blocked gets 403 with either.")
        @Default("Enforce")
        Enforcement enforcement,

        @JsonPropertyDescription(
                "Whether callers are told their tightest limit in X-RateLimit-Limit, -Remaining and -Reset too. When"
                        + " absent: no.")
        @Nullable
        Boolean legacyHeaders) {

    public Limiter {
        limits = List.copyOf(requireNonNull(limits, "limits: is missing; add it"));
        enforcement = requireNonNullElse(enforcement, Enforcement.ENFORCE);
    }
}
