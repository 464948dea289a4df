package sluice.operator.reconcile;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Something that people must hear of.
 *
 * @param id the same whenever the same thing is told again
 * @param text a few lines without any markup
 * @param at when it was decided
 * @param leftOut how many others were left out, because too many waited
 */
public record Notification(String id, Kind kind, String text, Instant at, int leftOut) {

    /** What it is about. Where too many wait, the first of these are let go first. */
    public enum Kind {
        SNAPSHOT("Snapshot"),
        DECISION("Decision"),
        ROLLBACK("Rollback");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name in status. */
        public String text() {
            return text;
        }

        static Optional<Kind> of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text.equals(text))
                    .findFirst();
        }
    }

    /** The same, in whose place as many others are not told. */
    Notification afterLeavingOut(int others) {
        return new Notification(id, kind, text, at, leftOut + others);
    }
}
