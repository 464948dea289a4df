package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Requests that are never limited. */
public record Exempt(
        @JsonPropertyDescription(
                "Exactly these paths are never limited, compared decoded and normalised, without the query.")
        @Required
        @Size(min = 1, max = 32)
        @ValidationRule(
                value = "self.all(p, p.matches(" + Cel.PATH + ") && !p.matches(" + Cel.NOT_NORMAL + "))",
                message = Cel.PATH_HELP)
        List<@Size(min = 1, max = 1024) String> paths) {

    public Exempt {
        paths = List.copyOf(requireNonNull(paths, "paths: is missing; add it"));
    }
}
