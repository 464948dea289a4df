package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Another size of the same limit for callers with a claim or header. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tier(
        @JsonPropertyDescription("The claim of the verified token that puts a caller in this tier.") @Nullable
        NameValue claim,

        @JsonPropertyDescription("The header that puts a caller in this tier, believed from trustedProxies only.")
        @Nullable
        NameValue header,

        @JsonPropertyDescription("Tokens added per period of the limit.") @Required @Min(0) @Max(Limit.MOST_TOKENS)
        long tokens,

        @JsonPropertyDescription("The most tokens that can be saved up. When absent: the value of tokens.")
        @Min(1)
        @Max(Limit.MOST_TOKENS)
        @Nullable
        Long burst) {}
