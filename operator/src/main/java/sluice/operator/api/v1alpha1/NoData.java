package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What missing data does: it holds the weight at once and rolls back when it lasts. It never latches. */
public record NoData(
        @JsonPropertyDescription("How long data may be missing before the rollout goes back, 1s to 24h.")
        @Default(NoData.DEFAULT_ROLL_BACK_AFTER)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('24h')",
                message = Cel.DURATION_HELP + "1s to 24h")
        String rollBackAfter) {

    static final String DEFAULT_ROLL_BACK_AFTER = "5m";

    public NoData {
        rollBackAfter = requireNonNullElse(rollBackAfter, DEFAULT_ROLL_BACK_AFTER);
    }

    static NoData defaults() {
        return new NoData(DEFAULT_ROLL_BACK_AFTER);
    }
}
