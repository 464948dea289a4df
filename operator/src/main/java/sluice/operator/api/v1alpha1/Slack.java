package sluice.operator.api.v1alpha1;

/** A Slack channel. */
public record Slack(String channel) {}
