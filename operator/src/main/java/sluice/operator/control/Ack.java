package sluice.operator.control;

import java.time.Instant;

/**
 * What a sidecar said it did with an epoch.
 *
 * @param reason why it was not applied, empty when it was
 * @param at when it was received
 */
public record Ack(long epoch, boolean applied, String reason, Instant at) {

    boolean saysTheSameAs(Ack other) {
        return epoch == other.epoch && applied == other.applied && reason.equals(other.reason);
    }
}
