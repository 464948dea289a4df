package sluice.operator.rollout;

/**
 * How the whole service is at one time, for people to read: no decision depends on it.
 *
 * @param requests per second
 * @param errorRatio share of the app's responses that are 5xx
 * @param latencyP50 in seconds, as the others
 * @param authFailures share of requests that failed authentication
 * @param throttledRatio share of requests that the limiter throttled
 * @param fallback how many sidecars limit in memory because Redis cannot be asked
 */
public record Figures(
        Reading requests,
        Reading errorRatio,
        Reading latencyP50,
        Reading latencyP95,
        Reading latencyP99,
        Reading authFailures,
        Reading throttledRatio,
        Reading fallback) {

    /** Nothing is known. */
    public static Figures missing(String why) {
        Reading missing = new Reading.Missing(why);
        return new Figures(missing, missing, missing, missing, missing, missing, missing, missing);
    }
}
