package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kinds of workload a rollout can name. */
public enum TargetKind {
    @JsonProperty("Deployment")
    DEPLOYMENT("Deployment"),
    @JsonProperty("StatefulSet")
    STATEFUL_SET("StatefulSet");

    private final String text;

    TargetKind(String text) {
        this.text = text;
    }

    /** The name in the resource. */
    public String text() {
        return text;
    }
}
