package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Another size of the same limit for callers with a claim or header. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.claim) != has(self.header)",
        message = "spec.limiter.limits[].tiers[]: needs exactly one of claim and header")
@ValidationRule(
        value = Cel.TOKENS_OR_UNLIMITED,
        message = "spec.limiter.limits[].tiers[]: needs exactly one of tokens and unlimited: true")
@ValidationRule(
        value = Cel.NO_BURST_WHEN_UNLIMITED,
        fieldPath = ".burst",
        message = "spec.limiter.limits[].tiers[].burst: is not used when unlimited is true; remove it")
@ValidationRule(
        value = "!has(self.claim) || !(self.claim.name in " + Cel.CLAIMS_OF_ONE_TOKEN + ")",
        fieldPath = ".claim",
        message =
                "spec.limiter.limits[].tiers[].claim: must be one that says something of the caller, not of one token")
@ValidationRule(
        value = "!has(self.header) || !self.header.value.matches(" + Cel.IN_NO_HEADER + ")",
        fieldPath = ".header",
        message = Cel.HEADER_VALUE_HELP)
public record Tier(
        @JsonPropertyDescription(
                "The claim that puts a caller in this tier when its token is verified: the claim is the value, or a list"
                        + " that has it.")
        @Nullable
        NameValue claim,

        @JsonPropertyDescription(
                "The header that puts a caller in this tier, believed from trustedProxies only; anybody else who sends it"
                        + " has the limit's own size.")
        @ValidationRule(
                value = "self.name.matches(" + Cel.TOKEN + ")",
                fieldPath = ".name",
                message = "must be an HTTP header name, such as X-Plan")
        @Nullable
        NameValue header,

        @JsonPropertyDescription("Tokens added per period of the limit. 0 means deny.")
        @Min(0)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long tokens,

        @JsonPropertyDescription(
                "The most tokens that can be saved up. When absent the operator takes the value of tokens, at least 1.")
        @Min(1)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long burst,

        @JsonPropertyDescription("True: callers in this tier are not limited. Excludes tokens and burst.") @Nullable
        Boolean unlimited) {}
