package sluice.operator.api.v1alpha1;

/** What missing data does. */
public record NoData(String rollBackAfter) {}
