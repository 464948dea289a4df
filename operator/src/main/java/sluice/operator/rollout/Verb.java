package sluice.operator.rollout;

import java.util.Arrays;
import java.util.Optional;

/** What a command asks for. */
public enum Verb {
    /** Leave the present step: gives its approval, or ends its hold where it needs none. Gates and the stop-loss still count. */
    PROMOTE("promote"),
    /** Go on to the last step at once. It bakes as always. */
    PROMOTE_FULL("promote-full"),
    /** Stay at the present weight, watched. */
    PAUSE("pause"),
    /** Go on after a pause. */
    RESUME("resume"),
    /** Back to the stable limiter; beats everything else. */
    ABORT("abort"),
    /** Try a revision again that was rolled back, or run a hook again that has failed. */
    RETRY("retry"),
    /** End the present hold, or the observation, early. Approval, gates and the stop-loss still count. */
    SKIP_HOLD("skip-hold"),
    /** Go on without the hooks that have failed or are waited for. */
    SKIP_HOOK("skip-hook");

    private final String text;

    Verb(String text) {
        this.text = text;
    }

    /** The word in the annotation, {@code promote-full}. */
    public String text() {
        return text;
    }

    /** Finds by word; empty for one that is no verb. */
    public static Optional<Verb> of(String text) {
        return Arrays.stream(values()).filter(verb -> verb.text.equals(text)).findFirst();
    }
}
