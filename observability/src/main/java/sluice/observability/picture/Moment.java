package sluice.observability.picture;

/**
 * Something that happened.
 *
 * @param at seconds of the epoch
 */
record Moment(double at, String text) {}
