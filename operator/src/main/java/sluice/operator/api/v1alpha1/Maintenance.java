package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Answering every request with 503. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Maintenance(
        @JsonPropertyDescription("Whether every request is answered with 503.") @Required
        boolean enabled,

        @JsonPropertyDescription("What the Retry-After header says.") @Size(max = Cel.DURATION_LENGTH) @Nullable
        String retryAfter) {}
