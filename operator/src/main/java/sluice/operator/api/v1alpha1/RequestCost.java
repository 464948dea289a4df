package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What requests of one kind cost. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RequestCost(
        @JsonPropertyDescription(
                "Which of the limit's requests cost this; all that is given must hold. Without it: every request.")
        @Nullable
        Match match,

        @JsonPropertyDescription(
                "The tokens that such a request takes. 0: it is free, and the limit does not apply to it.")
        @Required
        @Min(0)
        @Max(Limit.MOST_TOKENS)
        long cost) {}
