package sluice.operator;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;

/**
 * How replicas agree on a leader.
 *
 * @param leaseDuration how long a leader that is not heard of is waited for
 * @param renewDeadline how long a leader goes on trying to renew before it stops leading
 * @param retryPeriod between tries
 */
public record LeaderElectionSettings(Duration leaseDuration, Duration renewDeadline, Duration retryPeriod) {

    private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

    public LeaderElectionSettings {
        leaseDuration = requireNonNullElse(leaseDuration, LEASE_DURATION);
        renewDeadline = requireNonNullElse(renewDeadline, RENEW_DEADLINE);
        retryPeriod = requireNonNullElse(retryPeriod, RETRY_PERIOD);
        if (leaseDuration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("leaderElection.leaseDuration: must be at least 1s");
        }
        if (renewDeadline.compareTo(leaseDuration) >= 0) {
            throw new IllegalArgumentException("leaderElection.renewDeadline: must be shorter than leaseDuration");
        }
        if (!retryPeriod.isPositive() || retryPeriod.multipliedBy(2).compareTo(renewDeadline) > 0) {
            throw new IllegalArgumentException(
                    "leaderElection.retryPeriod: must be positive and at most half of renewDeadline");
        }
    }

    static LeaderElectionSettings defaults() {
        return new LeaderElectionSettings(LEASE_DURATION, RENEW_DEADLINE, RETRY_PERIOD);
    }
}
