package sluice.limiter.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The sidecar's whole configuration, as docs/architecture.md describes it.
 *
 * @param rollout whose limits these are; all empty while the sidecar waits for its first configuration
 * @param epoch grows with every committed change; an older one is never applied
 * @param weight the share of callers in the candidate arm, in percent, 0 to 100
 * @param armIdentity chooses the arm only; frozen for the rollout
 * @param candidate absent means that everybody is in the stable arm
 * @param replicas how many pods share a limit when Redis cannot be asked, at least 1
 * @param maintenance present while requests are answered with 503 instead of being served
 * @param deadManSwitch how long the candidate outlives the operator's last heartbeat; absent means for ever
 */
public record LimiterConfig(
        RolloutRef rollout,
        long epoch,
        int weight,
        IdentityRules armIdentity,
        Limiter stable,
        Optional<Limiter> candidate,
        int replicas,
        Optional<Maintenance> maintenance,
        Optional<Duration> deadManSwitch) {

    /** Of a service that is not closed for maintenance. */
    public LimiterConfig(
            RolloutRef rollout,
            long epoch,
            int weight,
            IdentityRules armIdentity,
            Limiter stable,
            Optional<Limiter> candidate,
            int replicas,
            Optional<Duration> deadManSwitch) {
        this(rollout, epoch, weight, armIdentity, stable, candidate, replicas, Optional.empty(), deadManSwitch);
    }

    /** The version of the document that this sidecar understands. */
    public static final int VERSION = 1;

    private static final LimiterConfig PASS_THROUGH = new LimiterConfig(
            new RolloutRef("", "", ""),
            0,
            0,
            IdentityRules.CLIENT_ADDRESS,
            Limiter.OFF,
            Optional.empty(),
            1,
            Optional.empty());

    /** What holds before any configuration was read: everything passes, epoch 0. */
    public static LimiterConfig passThrough() {
        return PASS_THROUGH;
    }

    /** The same in another epoch. */
    public LimiterConfig withEpoch(long another) {
        return new LimiterConfig(
                rollout, another, weight, armIdentity, stable, candidate, replicas, maintenance, deadManSwitch);
    }

    /** True for a path that some limiter exempts: health checks see the app even during maintenance. */
    public boolean exempts(String path) {
        return limiters().stream().anyMatch(limiter -> limiter.exemptPaths().contains(path));
    }

    /** The limiters that are in use, stable first. */
    public List<Limiter> limiters() {
        return candidate.map(limiter -> List.of(stable, limiter)).orElseGet(() -> List.of(stable));
    }

    /** True when callers may be in the candidate arm only while the operator proves that it is watching. */
    public boolean needsLease() {
        return weight > 0 && candidate.isPresent() && deadManSwitch.isPresent();
    }
}
