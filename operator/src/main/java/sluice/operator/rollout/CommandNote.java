package sluice.operator.rollout;

import java.time.Instant;

/**
 * The last command and what became of it.
 *
 * @param text the annotation's value
 * @param message what was done, or why nothing was
 */
public record CommandNote(String text, Outcome outcome, String message, Instant at) {
    /** What became of it. */
    public enum Outcome {
        DONE("Done"),
        /** Understood, but there was nothing to do it to. */
        IGNORED("Ignored"),
        /** Not understood. */
        MALFORMED("Malformed");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** The name in status. */
        public String text() {
            return text;
        }

        /**
         * Finds by name.
         *
         * @throws IllegalArgumentException for a name that is no outcome
         */
        public static Outcome of(String text) {
            for (Outcome outcome : values()) {
                if (outcome.text.equals(text)) {
                    return outcome;
                }
            }
            throw new IllegalArgumentException("no such outcome: " + text);
        }
    }
}
