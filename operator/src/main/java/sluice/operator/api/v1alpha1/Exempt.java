package sluice.operator.api.v1alpha1;

import java.util.List;

/** Requests that are never limited. */
public record Exempt(List<String> paths) {}
