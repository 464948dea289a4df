package sluice.operator.simulation;

import sluice.operator.control.Leadership;

/** One process's part in the election, with the times of the operator's defaults. */
final class Election implements Leadership {

    static final long RETRY_PERIOD = 2_000;

    private static final long RENEW_DEADLINE = 10_000;
    private static final long LEASE = 15_000;

    private final World world;
    private final OperatorProcess owner;
    private boolean leading;
    private long lastRenewal = Long.MIN_VALUE / 2;

    Election(World world, OperatorProcess owner) {
        this.world = world;
        this.owner = owner;
    }

    /** Takes the lease, keeps it, or ends the process when it is another's; true when this was the moment it was won. */
    boolean takePart() {
        if (owner.cutOffFor() > 0) {
            if (leading && world.time.now() - lastRenewal >= RENEW_DEADLINE) {
                owner.end("loses the lease");
            }
            return false;
        }
        var lease = world.api.lease();
        var now = world.time.now();
        // A container that was restarted in its pod has the name that it had before.
        if (lease.holder().equals(owner.toString()) || (!leading && now - lease.renewedAt() > LEASE)) {
            world.api.lease(new ApiServer.Lease(owner.toString(), now));
            lastRenewal = now;
            var won = !leading;
            leading = true;
            return won;
        }
        if (leading) {
            owner.end("finds another leader");
        }
        return false;
    }

    void stop() {
        leading = false;
    }

    @Override
    public boolean leads() {
        return leading;
    }

    @Override
    public boolean fresh() {
        return leading && world.time.now() - lastRenewal < LEASE;
    }
}
