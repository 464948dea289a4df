package sluice.e2e.log;

/** A line and the pod whose sidecar wrote it. */
public record PodLine<T extends LogLine>(String pod, T line) {}
