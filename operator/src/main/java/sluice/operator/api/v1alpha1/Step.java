package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The share of callers a step exposes, in percent, and for how long. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Step(
        @JsonPropertyDescription("The share of callers in the candidate arm, in percent, 1 to 100.")
        @Required
        @Min(1)
        @Max(100)
        int weight,

        @JsonPropertyDescription("How long the step holds before the next one, 1s to 720h.")
        @Default(Step.DEFAULT_HOLD)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('720h')",
                message = Cel.DURATION_HELP + "1s to 720h")
        String hold,

        @JsonPropertyDescription(
                "Manual waits, once the hold is over and the gates pass, until somebody says promote. Without it time is enough.")
        @Nullable
        Approval approval) {

    static final String DEFAULT_HOLD = "30m";

    public Step {
        hold = requireNonNullElse(hold, DEFAULT_HOLD);
    }
}
