package sluice.observability.picture;

/** A sample: seconds of the epoch, and the value then, which may be NaN. */
record Point(double at, double value) {}
