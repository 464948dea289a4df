package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How surely the candidate must be shown to fail hardly more often than the stable arm. */
public record Comparison(
        @JsonPropertyDescription(
                "By how much the candidate's share of 5xx may be above the stable arm's, a decimal in quotes above 0 and"
                        + " below 1. Without any error it takes about 5 requests, divided by the margin, to show it at 95%.")
        @Default(Comparison.DEFAULT_MARGIN)
        @Size(max = Cel.DECIMAL_LENGTH)
        @ValidationRule(
                value = "self.matches(" + Cel.DECIMAL + ") && double(self) > 0.0 && double(self) < 1.0",
                message = "must be a decimal above 0 and below 1, in quotes, such as \"0.01\"")
        String margin,

        @JsonPropertyDescription(
                "How sure that must be, however often it is looked at, a decimal in quotes from 0.5 to below 1.")
        @Default(Comparison.DEFAULT_CONFIDENCE)
        @Size(max = Cel.DECIMAL_LENGTH)
        @ValidationRule(
                value = "self.matches(" + Cel.DECIMAL + ") && double(self) >= 0.5 && double(self) < 1.0",
                message = "must be a decimal from 0.5 to below 1, in quotes, such as \"0.95\"")
        String confidence) {

    static final String DEFAULT_MARGIN = "0.01";
    static final String DEFAULT_CONFIDENCE = "0.95";

    public Comparison {
        margin = requireNonNullElse(margin, DEFAULT_MARGIN);
        confidence = requireNonNullElse(confidence, DEFAULT_CONFIDENCE);
    }
}
