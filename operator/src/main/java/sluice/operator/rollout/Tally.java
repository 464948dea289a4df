package sluice.operator.rollout;

/** What one arm's app has answered, counted since requests count for the comparison. */
public sealed interface Tally {
    /**
     * Counts; they are estimated from samples, so they need not be whole.
     *
     * @param responses of the app; the limiter's own answers are not in it
     * @param errors of those, 5xx
     */
    record Counted(double responses, double errors) implements Tally {
        public Counted {
            if (!(errors >= 0 && errors <= responses && responses < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("no such counts: %s of %s".formatted(errors, responses));
            }
        }

        double ratio() {
            return errors / responses;
        }

        /** As many again and again, of which as large a share failed. */
        Counted times(double factor) {
            return new Counted(responses * factor, errors * factor);
        }
    }

    /**
     * Nothing can be said.
     *
     * @param why for people
     */
    record Missing(String why) implements Tally {}

    /** Puts two readings of one sample each together. */
    static Tally of(Reading responses, Reading errors) {
        if (responses instanceof Reading.Value(Samples all) && errors instanceof Reading.Value(Samples failed)) {
            double of = all.last().value();
            double bad = failed.last().value();
            return bad >= 0 && bad <= of ? new Counted(of, bad) : new Missing("the counts contradict each other");
        }
        Reading absent = responses instanceof Reading.Value ? errors : responses;
        return new Missing(absent instanceof Reading.Missing(String why, var _) ? why : "there are no requests");
    }
}
