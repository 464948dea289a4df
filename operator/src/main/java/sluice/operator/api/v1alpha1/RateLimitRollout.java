package sluice.operator.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A rate limiter, where it goes, and the rules that bring it back. */
@Group("sluice.dev")
@Version("v1alpha1")
@Plural("ratelimitrollouts")
@ShortNames("rlr")
@Categories("all")
public class RateLimitRollout extends CustomResource<RateLimitRolloutSpec, RateLimitRolloutStatus>
        implements Namespaced {}
