package sluice.operator.rollout;

/** What is known about one signal in one scope. Absence has a name: it is never zero and never healthy. */
public sealed interface Reading {
    /** The newest sample is fresh; older instants may lack one, where there was no traffic. */
    record Value(Samples samples) implements Reading {}

    /**
     * Nothing can be said.
     *
     * @param why for people; never quotes what a foreign server answered
     */
    record Missing(String why) implements Reading {}

    /** Data are there and say that there were no requests, so the signal has no value. */
    record NoTraffic() implements Reading {}
}
