package sluice.operator.prometheus;

import sluice.operator.rollout.Samples;

/** What Prometheus said to one query. */
sealed interface Answer {
    /** Exactly one series, all its values finite. */
    record Series(Samples samples) implements Answer {}

    /** A well-formed answer without a series. */
    record Empty() implements Answer {}

    /**
     * Anything else.
     *
     * @param why never quotes the answer
     */
    record Failed(String why) implements Answer {}
}
