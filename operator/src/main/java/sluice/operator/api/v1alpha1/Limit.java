package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One token bucket per caller. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = Cel.TOKENS_OR_UNLIMITED,
        fieldPath = ".tokens",
        message = "spec.limiter.limits[].tokens: is required, or unlimited: true, and not both")
@ValidationRule(
        value = Cel.NO_BURST_WHEN_UNLIMITED,
        fieldPath = ".burst",
        message = "spec.limiter.limits[].burst: is not used when unlimited is true; remove it")
@ValidationRule(
        value = "has(self.per) || !has(self.tokens) && (!has(self.tiers) || !self.tiers.exists(t, has(t.tokens)))",
        fieldPath = ".per",
        message = "spec.limiter.limits[].per: is required, the period in which tokens are added, such as 1m")
@ValidationRule(
        value = Limit.NO_VALID_PERIOD + " || !has(self.tokens)" + " || (has(self.burst) ? self.burst : self.tokens) <= "
                + Limit.MOST_BURST,
        message = "burst (tokens, when burst is absent) times per must stay within 2^53 microsecond-tokens,"
                + Limit.BURST_HELP)
@ValidationRule(
        value = "!has(self.tiers) || " + Limit.NO_VALID_PERIOD + " || self.tiers.all(t, !has(t.tokens)"
                + " || (has(t.burst) ? t.burst : t.tokens) <= " + Limit.MOST_BURST + ")",
        fieldPath = ".tiers",
        message = "each tier's burst (tokens, when burst is absent) times per must stay within 2^53 microsecond-tokens,"
                + Limit.BURST_HELP)
@ValidationRule(
        value = "!has(self.tokens) || self.tokens == 0" + " || [has(self.burst) ? self.burst : self.tokens].all(b, "
                + Limit.COSTS_FIT + ")",
        message = "burst (tokens, when burst is absent) must be at least the largest of cost and costs[].cost,"
                + " or such a request would never pass; raise burst or lower the cost")
@ValidationRule(
        value = "!has(self.tiers) || self.tiers.all(t, !has(t.tokens) || t.tokens == 0"
                + " || [has(t.burst) ? t.burst : t.tokens].all(b, " + Limit.COSTS_FIT + "))",
        fieldPath = ".tiers",
        message =
                "each tier's burst (tokens, when burst is absent) must be at least the largest of cost and costs[].cost,"
                        + " or such a request would never pass; raise the tier's burst or lower the cost")
public record Limit(
        @JsonPropertyDescription(
                "The limit's name, unique in the limiter, used in headers, logs, metrics and Redis keys.")
        @Required
        @Size(min = 1, max = 63)
        @ValidationRule(value = Cel.IS_DNS_LABEL, message = Cel.DNS_LABEL_HELP)
        String name,

        @JsonPropertyDescription(
                "Which requests this limit counts; all that is given must hold. Without it: every request.")
        @Nullable
        Match match,

        @JsonPropertyDescription(
                "Tokens added per period; a request takes as many as it costs. 0 means deny: every request that matches"
                        + " and is not free is answered 429.")
        @Min(0)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long tokens,

        @JsonPropertyDescription(
                "The period in which tokens are added, 100ms to 720h. Required where there are tokens.")
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION
                        + " && duration(self) >= duration('100ms') && duration(self) <= duration('720h')",
                message = Cel.DURATION_HELP + "100ms to 720h")
        @Nullable
        String per,

        @JsonPropertyDescription(
                "The most tokens that can be saved up. When absent the operator takes the value of tokens,"
                        + " at least 1. At least the largest cost.")
        @Min(1)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long burst,

        @JsonPropertyDescription(
                "True: callers in none of the tiers are not limited; their requests are only counted and logged. Excludes"
                        + " tokens and burst.")
        @Nullable
        Boolean unlimited,

        @JsonPropertyDescription("The tokens that a request takes, unless one of costs says otherwise. When absent: 1.")
        @Min(1)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long cost,

        @JsonPropertyDescription("Other costs for some requests; the first that matches counts.")
        @Size(max = 16)
        @Nullable
        List<RequestCost> costs,

        @JsonPropertyDescription(
                "Other sizes of this limit for some callers; the first that a caller is in counts. A caller has one bucket"
                        + " whatever its tier, so that changing it grants no fresh burst.")
        @Size(max = 16)
        @Nullable
        List<Tier> tiers) {

    /** At the shortest period this is a token a nanosecond, the most that a sidecar can count. */
    static final long MOST_TOKENS = 100_000_000;

    // What a malformed per means for the rules that need it is said by the rule about its form.
    static final String NO_VALID_PERIOD =
            "!has(self.per) || !self.per.matches(" + Cel.DURATION + ") || duration(self.per) < duration('100ms')";

    static final String MOST_BURST = "9007199254740992 / (duration(self.per).getMilliseconds() * 1000)";

    static final String BURST_HELP =
            " which is a burst of 2501999 at per 1h, 104249 at 24h and 3474 at 720h;" + " lower burst or shorten per";

    static final String COSTS_FIT =
            "(!has(self.cost) || self.cost <= b) && (!has(self.costs) || self.costs.all(c, c.cost <= b))";
}
