package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people have been told of, so that it is not said again. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NotifiedStatus(
        @JsonPropertyDescription(
                "Why the rollout holds, as far as it was told, since the last decision to do something. It is told again once a day.")
        @Nullable
        List<ToldHoldStatus> toldHolds,

        @JsonPropertyDescription("When the rollout began that snapshots are about.") @Nullable
        String since,

        @JsonPropertyDescription("When the last snapshot was due.") @Nullable
        String snapshotAt) {}
