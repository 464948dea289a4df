package sluice.operator.control;

import java.time.Instant;
import java.util.List;

/**
 * What a sidecar said it did with an epoch.
 *
 * @param reason why it was not applied, empty when it was
 * @param at when it was received
 * @param failures what its log last said of failures, as text that anybody may have made up
 */
public record Ack(long epoch, boolean applied, String reason, Instant at, List<String> failures) {

    public Ack {
        failures = List.copyOf(failures);
    }

    /** Without any failure. */
    public Ack(long epoch, boolean applied, String reason, Instant at) {
        this(epoch, applied, reason, at, List.of());
    }

    boolean saysTheSameAs(Ack other) {
        return epoch == other.epoch && applied == other.applied && reason.equals(other.reason);
    }
}
