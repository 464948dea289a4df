package sluice.operator.api.v1alpha1;

/** What must hold before a step may advance. */
public record Gate(SignalName signal, String max) {}
