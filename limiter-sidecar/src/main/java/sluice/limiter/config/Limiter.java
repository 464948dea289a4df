package sluice.limiter.config;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One arm's limiter.
 *
 * @param revision names this text of the limiter, {@code off} for pass-through
 * @param redis present exactly when {@code backend} is Redis
 * @param legacyHeaders whether callers are told their limits in the {@code X-RateLimit} headers too
 * @param exemptPaths paths, matched exactly, that no limit applies to
 */
public record Limiter(
        String revision,
        LimiterBackend backend,
        Optional<RedisSettings> redis,
        List<Limit> limits,
        IdentityRules identity,
        List<String> exemptPaths,
        WafHeaders waf,
        Enforcement enforcement,
        boolean legacyHeaders) {

    /** Without the older headers. */
    public Limiter(
            String revision,
            LimiterBackend backend,
            Optional<RedisSettings> redis,
            List<Limit> limits,
            IdentityRules identity,
            List<String> exemptPaths,
            WafHeaders waf,
            Enforcement enforcement) {
        this(revision, backend, redis, limits, identity, exemptPaths, waf, enforcement, false);
    }

    /** The limiter that lets everything pass. */
    public static final Limiter OFF = off("off");

    /** A pass-through limiter of this revision. */
    public static Limiter off(String revision) {
        return off(revision, IdentityRules.CLIENT_ADDRESS, List.of());
    }

    /** Lets everything pass, and still knows whose word about a caller is believed, and which paths maintenance leaves open. */
    public Limiter switchedOff() {
        return off(OFF.revision(), identity, exemptPaths);
    }

    private static Limiter off(String revision, IdentityRules identity, List<String> exemptPaths) {
        return new Limiter(
                revision,
                LimiterBackend.OFF,
                Optional.empty(),
                List.of(),
                identity,
                exemptPaths,
                WafHeaders.NONE,
                Enforcement.ENFORCE);
    }

    /** The names of the claims by which callers are told apart. */
    public Set<String> tierClaims() {
        return limits.stream()
                .flatMap(limit -> limit.tiers().stream())
                .map(Tier::mark)
                .filter(Tier.Mark.Claim.class::isInstance)
                .map(mark -> ((Tier.Mark.Claim) mark).name())
                .collect(toUnmodifiableSet());
    }
}
