package sluice.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where in a rollout a hook runs. */
public enum HookWhen {
    @JsonProperty("BeforeRollout")
    BEFORE_ROLLOUT,
    @JsonProperty("AfterStep")
    AFTER_STEP,
    @JsonProperty("AfterPromotion")
    AFTER_PROMOTION,
    @JsonProperty("AfterRollback")
    AFTER_ROLLBACK
}
