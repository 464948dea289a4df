package sluice.operator.control;

/** The pod that a token was made for, as the API server says. */
public record PodIdentity(String namespace, String name, String uid) {}
