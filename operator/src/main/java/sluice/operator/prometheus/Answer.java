package sluice.operator.prometheus;

import sluice.operator.rollout.Samples;

/** What Prometheus said to one query. */
sealed interface Answer {
    /** Exactly one series, all its values finite. */
    record Series(Samples samples) implements Answer {}

    /** A well-formed answer without a series. */
    record Empty() implements Answer {}

    /**
     * Prometheus does not understand the query.
     *
     * @param message Prometheus's own, in one line of at most 300 characters; only for who wrote the query
     */
    record Refused(String message) implements Answer {}

    /**
     * Anything else.
     *
     * @param why never quotes the answer
     */
    record Failed(String why) implements Answer {}
}
