package sluice.operator.api.v1alpha1;

import java.util.List;

/** How the candidate takes over. */
public record Strategy(String observe, List<Step> steps) {}
