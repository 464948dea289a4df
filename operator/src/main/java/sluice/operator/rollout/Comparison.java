package sluice.operator.rollout;

/**
 * Keeps a step from being left until the candidate is shown to fail hardly more often than the stable arm; never brings it back at once.
 *
 * @param margin by how much the candidate's share of failed requests may be above the stable arm's, above 0 and below 1
 * @param confidence with which that must be shown, at least 0.5 and below 1
 */
public record Comparison(double margin, double confidence) {
    /** What two arms' counts show. */
    enum Shown {
        /** The candidate's share is less than the margin above the stable arm's. */
        NOT_WORSE,
        /** The candidate's share is more than the margin above the stable arm's. */
        WORSE,
        /** Neither, yet. */
        NOTHING
    }

    public Comparison {
        if (!(margin > 0 && margin < 1)) {
            throw new IllegalArgumentException("margin: must be a decimal above 0 and below 1, such as \"0.01\"");
        }
        if (!(confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("confidence: must be a decimal from 0.5 to below 1, such as \"0.95\"");
        }
    }

    /**
     * What is shown by what has been counted so far. The chance that what is shown is not true, at any of however many looks, is at most
     * 1 - confidence.
     */
    Shown shown(Tally.Counted candidate, Tally.Counted stable) {
        if (candidate.responses() == 0 || stable.responses() == 0) {
            return Shown.NOTHING;
        }
        if (ErrorDifference.evidenceAgainst(margin, candidate, stable) < -Math.log(1 - confidence)) {
            return Shown.NOTHING;
        }
        return candidate.ratio() < stable.ratio() + margin ? Shown.NOT_WORSE : Shown.WORSE;
    }
}
