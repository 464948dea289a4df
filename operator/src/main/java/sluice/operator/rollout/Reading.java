package sluice.operator.rollout;

import java.util.List;

/** What is known about one signal in one scope. Absence has a name: it is never zero and never healthy. */
public sealed interface Reading {
    /** The newest sample is fresh; older instants may lack one, where there was no traffic. */
    record Value(Samples samples) implements Reading {}

    /**
     * Nothing can be said of the present moment.
     *
     * @param why for people; never quotes what a foreign server answered
     * @param before what there was until then, in the order of time: enough of it may break a rule all the same
     */
    record Missing(String why, List<Sample> before) implements Reading {
        public Missing {
            before = List.copyOf(before);
        }

        /** Without anything before. */
        public Missing(String why) {
            this(why, List.of());
        }
    }

    /**
     * Data are there and say that there were no requests, so the signal has no value.
     *
     * @param before as of {@link Missing}
     */
    record NoTraffic(List<Sample> before) implements Reading {
        public NoTraffic {
            before = List.copyOf(before);
        }

        /** Without anything before. */
        public NoTraffic() {
            this(List.of());
        }
    }

    /** The same when nothing can be said of the present moment. */
    default Missing silent(String why) {
        return new Missing(why, seen());
    }

    /** Whatever there is, until now or until it fell silent. */
    default List<Sample> seen() {
        return switch (this) {
            case Value(Samples samples) -> samples.all();
            case Missing(var _, List<Sample> before) -> before;
            case NoTraffic(List<Sample> before) -> before;
        };
    }

    /** The same, after {@code samples}, when it is that something is absent now. */
    default Reading after(List<Sample> samples) {
        return switch (this) {
            case Value value -> value;
            case Missing(String why, var _) -> new Missing(why, samples);
            case NoTraffic _ -> new NoTraffic(samples);
        };
    }
}
