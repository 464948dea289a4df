package sluice.operator.api.v1alpha1;

/** A name and the value it must have. */
public record NameValue(String name, String value) {}
