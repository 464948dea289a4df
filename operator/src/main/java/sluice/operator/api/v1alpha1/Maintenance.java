package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Answering every request with 503, those for exempt paths aside. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Maintenance(
        @JsonPropertyDescription("Whether every request is answered with 503.") @Required
        boolean enabled,

        @JsonPropertyDescription("What callers are told to wait, 1s to 744h.")
        @Default(Maintenance.DEFAULT_RETRY_AFTER)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('744h')",
                message = Cel.DURATION_HELP + "1s to 744h")
        String retryAfter) {

    static final String DEFAULT_RETRY_AFTER = "5m";

    public Maintenance {
        retryAfter = requireNonNullElse(retryAfter, DEFAULT_RETRY_AFTER);
    }
}
