package sluice.limiter.control;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.JwtRules;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterBackend;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.RedisSettings;
import sluice.limiter.identity.CallerIdentifier;
import sluice.limiter.identity.TokenKeyFile;
import sluice.limiter.identity.VerificationBudget;
import sluice.limiter.limit.ArmLimiter;
import sluice.limiter.limit.ConfiguredJudge;
import sluice.limiter.limit.InMemoryTokenBucket;
import sluice.limiter.limit.TokenBucket;
import sluice.limiter.redis.RedisBackend;
import sluice.limiter.redis.RedisMetrics;

/**
 * Puts judges together, of parts that outlive a configuration: buckets and connections stay when limits change, so that a change hands
 * out no fresh burst. Used by one thread at a time.
 */
final class JudgeAssembly implements AutoCloseable {

    private final Path secrets;
    private final EventLoop loop;
    private final RedisMetrics metrics;
    private final BackendStart start;
    private final InMemoryTokenBucket memory = new InMemoryTokenBucket(System::nanoTime);
    private final VerificationBudget budget = new VerificationBudget(System::nanoTime);
    private final Map<JwtRules, TokenKeyFile> tokenKeys = new HashMap<>();
    private final Map<String, RedisBackend> redis = new HashMap<>();
    private Set<String> wantedClaims = Set.of();

    /** How a Redis is taken up: for real, or for a rehearsal. */
    interface BackendStart {
        RedisBackend start(Path folder, EventLoop loop, RedisMetrics metrics);
    }

    JudgeAssembly(Path secrets, EventLoop loop, RedisMetrics metrics) {
        this(secrets, loop, metrics, RedisBackend::start);
    }

    JudgeAssembly(Path secrets, EventLoop loop, RedisMetrics metrics, BackendStart start) {
        this.start = start;
        this.secrets = secrets;
        this.loop = loop;
        this.metrics = metrics;
    }

    ConfiguredJudge assemble(LimiterConfig config, BooleanSupplier leaseHeld) {
        wantedClaims = config.limiters().stream()
                .flatMap(limiter -> limiter.tierClaims().stream())
                .collect(toUnmodifiableSet());
        tokenKeys.values().forEach(keys -> keys.want(wantedClaims));
        var armIdentifier = identifier(config.armIdentity());
        return new ConfiguredJudge(
                config,
                armIdentifier,
                limiter(config.stable(), config, armIdentifier),
                config.candidate().map(limiter -> limiter(limiter, config, armIdentifier)),
                leaseHeld);
    }

    private ArmLimiter limiter(Limiter limiter, LimiterConfig config, CallerIdentifier armIdentifier) {
        if (limiter.backend() == LimiterBackend.OFF) {
            return ArmLimiter.off(limiter, armIdentifier);
        }
        var identifier =
                limiter.identity().equals(config.armIdentity()) ? armIdentifier : identifier(limiter.identity());
        return ArmLimiter.of(limiter, identifier, buckets(limiter, config));
    }

    private TokenBucket buckets(Limiter limiter, LimiterConfig config) {
        return limiter.redis()
                .<TokenBucket>map(
                        settings -> backend(settings).buckets(config.rollout(), settings.timeout(), config.replicas()))
                .orElse(memory);
    }

    private RedisBackend backend(RedisSettings settings) {
        return redis.computeIfAbsent(settings.secret(), secret -> start.start(secrets.resolve(secret), loop, metrics));
    }

    private CallerIdentifier identifier(IdentityRules rules) {
        return new CallerIdentifier(rules, rules.jwt().map(this::keys));
    }

    private TokenKeyFile keys(JwtRules rules) {
        return tokenKeys.computeIfAbsent(
                rules, jwt -> TokenKeyFile.open(secrets, jwt, wantedClaims, InstantSource.system(), budget));
    }

    /** Lets go what {@code config} has no use for. */
    void retain(LimiterConfig config) {
        var used = new HashSet<String>();
        config.limiters().forEach(limiter -> limiter.redis().ifPresent(settings -> used.add(settings.secret())));
        redis.entrySet().removeIf(entry -> {
            var unused = !used.contains(entry.getKey());
            if (unused) {
                entry.getValue().close();
            }
            return unused;
        });
        var jwt = new HashSet<Optional<JwtRules>>();
        jwt.add(config.armIdentity().jwt());
        config.limiters().forEach(limiter -> jwt.add(limiter.identity().jwt()));
        tokenKeys.keySet().removeIf(rules -> !jwt.contains(Optional.of(rules)));
    }

    /** Takes changed Secrets up. */
    void refreshFiles() {
        redis.values().forEach(RedisBackend::refresh);
        tokenKeys.values().forEach(TokenKeyFile::refresh);
    }

    @Override
    public void close() {
        redis.values().forEach(RedisBackend::close);
        redis.clear();
    }
}
