package sluice.operator.rollout;

import java.time.Instant;

/** What a rule says about one scope. */
public sealed interface Verdict {
    /** The newest sample is below the threshold. */
    record Healthy() implements Verdict {}

    /** The newest samples breach, not for the whole window yet. */
    record Breaching(Instant since) implements Verdict {}

    /** The whole window breaches. */
    record Broken(Breach breach) implements Verdict {}

    /** There were no requests to judge by. */
    record NoTraffic() implements Verdict {}

    /** Data are missing. */
    record Unknown(String why) implements Verdict {}

    /** The name in status. */
    default String text() {
        return switch (this) {
            case Healthy _ -> "Healthy";
            case Breaching _ -> "Breaching";
            case Broken _ -> "Broken";
            case NoTraffic _ -> "NoTraffic";
            case Unknown _ -> "Unknown";
        };
    }
}
