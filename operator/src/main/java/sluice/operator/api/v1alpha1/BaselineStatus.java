package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the service showed before the first step. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BaselineStatus(
        @JsonPropertyDescription("When it was frozen.") @Nullable
        String frozenAt,

        @JsonPropertyDescription("One value per signal that a rule compares with it.") @Nullable
        List<BaselineValue> values) {}
