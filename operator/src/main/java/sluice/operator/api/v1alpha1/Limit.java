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
        value = "!self.per.matches(" + Cel.DURATION + ") || duration(self.per) < duration('100ms')"
                + " || (has(self.burst) ? self.burst : self.tokens)"
                + " <= 9007199254740992 / (duration(self.per).getMilliseconds() * 1000)",
        message = "burst (tokens, when burst is absent) times per must stay within 2^53 microsecond-tokens,"
                + " which is a burst of 2501999 at per 1h, 104249 at 24h and 3474 at 720h;"
                + " lower burst or shorten per")
@ValidationRule(value = "!has(self.tiers)", fieldPath = ".tiers", message = "spec.limiter.limits[].tiers" + Cel.NOT_YET)
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

        @JsonPropertyDescription("Tokens added per period; a request takes one. 0 means deny.")
        @Required
        @Min(0)
        @Max(Limit.MOST_TOKENS)
        long tokens,

        @JsonPropertyDescription("The period in which tokens are added, 100ms to 720h.")
        @Required
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION
                        + " && duration(self) >= duration('100ms') && duration(self) <= duration('720h')",
                message = Cel.DURATION_HELP + "100ms to 720h")
        String per,

        @JsonPropertyDescription(
                "The most tokens that can be saved up. When absent the operator takes the value of tokens,"
                        + " at least 1.")
        @Min(1)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long burst,

        @JsonPropertyDescription("Other sizes of this limit for some callers. Not supported in this version yet.")
        @Size(max = 16)
        @Nullable
        List<Tier> tiers) {

    /** At the shortest period this is a token a nanosecond, the most that a sidecar can count. */
    static final long MOST_TOKENS = 100_000_000;

    /** The most tokens that can be saved up: {@link #burst()}, or where it is absent the tokens of a period. */
    public long effectiveBurst() {
        return burst == null ? Math.max(1, tokens) : burst;
    }
}
