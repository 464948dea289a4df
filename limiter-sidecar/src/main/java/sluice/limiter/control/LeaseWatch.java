package sluice.limiter.control;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the lease is lost, and once that it is back. */
final class LeaseWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);

    private final CurrentConfig config;
    private final Lease lease;
    private boolean lost;

    LeaseWatch(CurrentConfig config, Lease lease) {
        this.config = config;
        this.lease = lease;
    }

    void check() {
        var now = lease.isLost(config.current());
        if (now != lost) {
            lost = now;
            if (now) {
                LOG.warn("No heartbeat from the operator: everyone is in the stable arm until it is back");
            } else {
                LOG.info("Everyone is in the arm that the configuration says");
            }
        }
    }
}
