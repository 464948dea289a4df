package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Regular reports of the figures. */
@ValidationRule(
        value = "!self.every.matches(" + Cel.DURATION + ") || !self.during.matches(" + Cel.DURATION
                + ") || duration(self.during) >= duration(self.every)",
        fieldPath = ".during",
        message = "spec.notifications.snapshots.during: must be at least every, or there is no report; raise it")
public record Snapshots(
        @JsonPropertyDescription("The time between two reports, 1m to 24h.")
        @Default(Snapshots.DEFAULT_EVERY)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1m') && duration(self) <= duration('24h')",
                message = Cel.DURATION_HELP + "1m to 24h")
        String every,

        @JsonPropertyDescription(
                "How long reports are sent, counted from when the rollout begins to put sidecars in place, 1m to 168h. A rollback ends them.")
        @Default(Snapshots.DEFAULT_DURING)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('1m') && duration(self) <= duration('168h')",
                message = Cel.DURATION_HELP + "1m to 168h")
        String during) {

    static final String DEFAULT_EVERY = "1h";
    static final String DEFAULT_DURING = "6h";

    public Snapshots {
        every = requireNonNullElse(every, DEFAULT_EVERY);
        during = requireNonNullElse(during, DEFAULT_DURING);
    }
}
