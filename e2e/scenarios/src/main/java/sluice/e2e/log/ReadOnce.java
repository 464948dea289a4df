package sluice.e2e.log;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Lets each line of one container through once. After a broken connection the log is read again from the last known second, because
 * that is as fine as the API's {@code sinceTime} is; what was read before is left out here. Not thread-safe.
 */
final class ReadOnce {
    private final Set<String> textsAtLast = new HashSet<>();
    private Instant last = Instant.MIN;

    /** Whether the line is new; lines come in the order of their times. */
    boolean accepts(Instant written, String text) {
        if (written.isBefore(last)) {
            return false;
        }
        if (written.isAfter(last)) {
            last = written;
            textsAtLast.clear();
        }
        return textsAtLast.add(text);
    }

    /** The time of the newest line, {@link Instant#MIN} before the first. */
    Instant last() {
        return last;
    }
}
