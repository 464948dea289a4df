package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests a limit counts; all that is given must hold. Absent lists and maps are empty. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!(has(self.path) && has(self.pathPrefix))",
        message = "spec.limiter.limits[].match: path and pathPrefix exclude each other; keep one")
@ValidationRule(
        value = "!has(self.headers) || self.headers.all(h, !self.headers[h].matches(" + Cel.IN_NO_HEADER + "))",
        fieldPath = ".headers",
        message = Cel.HEADER_VALUE_HELP)
public record Match(
        @JsonPropertyDescription("The path a request must have, compared decoded and normalised, without its query.")
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Cel.IS_PATH, message = Cel.PATH_HELP)
        @Nullable
        String path,

        @JsonPropertyDescription("The path a request must have or be below: /api matches /api and /api/v1, not /apis.")
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Cel.IS_PATH, message = Cel.PATH_HELP)
        @Nullable
        String pathPrefix,

        @JsonPropertyDescription("The methods a request may have, in upper case. Without it: any.")
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.all(m, m.matches('^[A-Z]+$'))",
                message = "must be HTTP methods in upper case, such as GET or POST")
        List<@Size(min = 1, max = 32) String> methods,

        @JsonPropertyDescription("Headers a request must have, with exactly these values.")
        @Size(min = 1, max = 8)
        @ValidationRule(
                value = "self.all(h, h.matches(" + Cel.TOKEN + "))",
                message = "must have HTTP header names, such as X-Client, as its keys")
        Map<String, @Size(min = 1, max = 256) String> headers) {

    public Match {
        methods = List.copyOf(requireNonNullElseGet(methods, List::of));
        headers = Map.copyOf(requireNonNullElseGet(headers, Map::of));
    }
}
