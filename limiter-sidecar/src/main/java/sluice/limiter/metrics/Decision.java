package sluice.limiter.metrics;

import java.util.Locale;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.Outcome;

/** What the limiter said of a request, whether it was enforced or only counted. */
public enum Decision {
    ALLOW,
    THROTTLE,
    BLOCK,
    MAINTENANCE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The decision in {@code judgement}; a limit exceeded in shadow counts as a throttle. */
    public static Decision of(Judgement judgement) {
        return switch (judgement.outcome()) {
            case Outcome.Allow _ -> judgement.shadowed() ? THROTTLE : ALLOW;
            case Outcome.Throttle _ -> THROTTLE;
            case Outcome.Block _ -> BLOCK;
            case Outcome.Maintain _ -> MAINTENANCE;
        };
    }

    /** The name in metrics and logs. */
    public String label() {
        return label;
    }
}
