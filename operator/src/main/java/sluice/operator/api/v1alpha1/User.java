package sluice.operator.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Where a caller's user name is found. */
public record User(@Nullable Jwt jwt, @Nullable String header) {}
