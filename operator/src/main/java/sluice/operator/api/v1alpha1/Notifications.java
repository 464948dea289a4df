package sluice.operator.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Who is told. */
public record Notifications(@Nullable Slack slack, @Nullable Snapshots snapshots) {}
