package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How the candidate takes over. */
public record Strategy(
        @JsonPropertyDescription("How long the sidecars are in place at weight 0 first, 1s to 720h, so that there is a"
                + " baseline to compare with.")
        @Default(Strategy.DEFAULT_OBSERVE)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('720h')",
                message = Cel.DURATION_HELP + "1s to 720h")
        String observe,

        @JsonPropertyDescription("The steps to 100%, one after the other; the last one bakes with the stop-loss armed.")
        @Default(Strategy.DEFAULT_STEPS)
        @Size(min = 1, max = 20)
        @ValidationRule(
                value = "self.map(s, s.weight).isSorted() && self.all(s, self.exists_one(t, t.weight == s.weight))",
                message = "weights must rise strictly from step to step; sort the steps and remove repeated weights")
        @ValidationRule(
                value = "size(self) == 0 || self[size(self) - 1].weight == 100",
                message = "the last step must have weight 100; add {weight: 100, hold: 30m}")
        List<Step> steps) {

    static final String DEFAULT_OBSERVE = "10m";
    static final String DEFAULT_STEPS = "[{\"weight\": 10, \"hold\": \"30m\"}, {\"weight\": 100, \"hold\": \"30m\"}]";

    public Strategy {
        observe = requireNonNullElse(observe, DEFAULT_OBSERVE);
        steps = List.copyOf(requireNonNullElseGet(steps, Strategy::defaultSteps));
    }

    private static List<Step> defaultSteps() {
        return List.of(new Step(10, Step.DEFAULT_HOLD, null), new Step(100, Step.DEFAULT_HOLD, null));
    }

    static Strategy defaults() {
        return new Strategy(DEFAULT_OBSERVE, defaultSteps());
    }
}
