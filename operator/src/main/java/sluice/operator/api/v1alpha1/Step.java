package sluice.operator.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** The share of callers a step exposes, in percent, and for how long. */
public record Step(int weight, String hold, @Nullable Approval approval) {}
