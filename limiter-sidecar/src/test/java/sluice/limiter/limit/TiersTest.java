package sluice.limiter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.limit.LimitFixture.BY_HEADER;
import static sluice.limiter.limit.LimitFixture.limiter;
import static sluice.limiter.limit.LimitFixture.request;
import static sluice.limiter.limit.LimitFixture.requestFrom;
import static sluice.limiter.limit.LimitFixture.size;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.Enforcement;
import sluice.limiter.config.Limit;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.RequestCost;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.config.Tier;
import sluice.limiter.identity.CallerIdentifier;
import sluice.limiter.identity.Claims;
import sluice.limiter.identity.TokenVerdict;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.TokenCheck;

/** Who gets which size, from the request to the judgement. */
class TiersTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final BucketSize BASE = size(10, HOUR, 2);
    private static final BucketSize GOLD = size(100, HOUR, 20);
    private static final Limit BY_PLAN = new Limit(
            "api",
            LimitMatch.ANY,
            Optional.of(BASE),
            List.of(
                    new Tier(new Tier.Mark.Claim("plan", "gold"), Optional.of(GOLD)),
                    new Tier(new Tier.Mark.Claim("plan", "staff"), Optional.empty()),
                    new Tier(new Tier.Mark.Claim("plan", "banned"), Optional.of(size(0, HOUR, 0))),
                    new Tier(new Tier.Mark.Header("X-Plan", "gold"), Optional.of(GOLD))),
            1,
            List.of(new RequestCost(LimitFixture.prefix("/status"), 0)));

    private final ConfiguredJudge judge = judge(Enforcement.ENFORCE);

    /** Tokens are {@code <user>.<plan>}; any other is invalid. */
    private static TokenVerdict verify(String token) {
        var parts = token.split("\\.", -1);
        return parts.length == 2
                ? new TokenVerdict(
                        TokenCheck.VALID, Optional.of(parts[0]), new Claims(Map.of("plan", Set.of(parts[1]))))
                : new TokenVerdict(TokenCheck.INVALID, Optional.empty(), Claims.NONE);
    }

    private static ConfiguredJudge judge(Enforcement enforcement) {
        var limiter = limiter("r", enforcement, BY_PLAN);
        var config = new LimiterConfig(
                new RolloutRef("apps", "api", "6f0c"), 7, 0, BY_HEADER, limiter, Optional.empty(), 1, Optional.empty());
        var identifier = new CallerIdentifier(BY_HEADER, Optional.of(TiersTest::verify));
        var buckets = new InMemoryTokenBucket(() -> 0);
        return new ConfiguredJudge(
                config, identifier, ArmLimiter.of(limiter, identifier, buckets), Optional.empty(), () -> true);
    }

    private static Judgement ask(ConfiguredJudge judge, RequestHead head) {
        var judgements = new ArrayList<Judgement>();
        judge.judge(head, new DefaultEventLoop(), judgements::add);
        return judgements.getFirst();
    }

    private long allowed(RequestHead head) {
        return IntStream.range(0, 50)
                .mapToObj(request -> ask(judge, head).outcome())
                .filter(Outcome.Allow.class::isInstance)
                .count();
    }

    private static RequestHead withToken(String token) {
        return requestFrom("192.0.2.1", "/", "Authorization", "Bearer " + token);
    }

    @Test
    void aVerifiedClaimGivesTheTiersSize() {
        assertThat(allowed(withToken("alice.gold"))).isEqualTo(20);
        assertThat(allowed(withToken("bob.silver"))).isEqualTo(2);
    }

    @Test
    void aClaimThatIsNotVerifiedGivesNothing() {
        assertThat(allowed(withToken("alice.gold.forged"))).isEqualTo(2);
    }

    @Test
    void aTierMayBeUnlimitedAndSaysNothingOfALimit() {
        assertThat(allowed(withToken("carol.staff"))).isEqualTo(50);
        assertThat(ask(judge, withToken("carol.staff")).outcome()).isEqualTo(new Outcome.Allow(Optional.empty()));
    }

    @Test
    void aTierOfNoTokensIsDenied() {
        assertThat(ask(judge, withToken("mallory.banned")).outcome())
                .isEqualTo(new Outcome.Throttle(new LimitState("api", 0, HOUR, 0, 0, Duration.ZERO), Optional.empty()));
    }

    @Test
    void aClientThatSetsATiersHeaderItselfHasTheLimitsOwnSize() {
        assertThat(allowed(requestFrom("192.0.2.7", "/", "X-Plan", "gold"))).isEqualTo(2);
        assertThat(allowed(request("/", "X-Plan", "gold"))).isEqualTo(20);
    }

    @Test
    void changingTheTierGrantsNoFreshBurst() {
        assertThat(allowed(withToken("alice.silver"))).isEqualTo(2);
        assertThat(allowed(withToken("alice.gold"))).isZero();
        assertThat(allowed(withToken("alice.silver"))).isZero();
    }

    @Test
    void aFreeRequestPassesWhenNothingIsLeft() {
        allowed(withToken("alice.silver"));

        assertThat(ask(judge, requestFrom("192.0.2.1", "/status", "Authorization", "Bearer alice.silver"))
                        .outcome())
                .isEqualTo(new Outcome.Allow(Optional.empty()));
    }

    @Test
    void shadowSaysWhatWouldHaveBeenAndRejectsNobody() {
        var shadow = judge(Enforcement.SHADOW);
        IntStream.range(0, 2).forEach(request -> ask(shadow, withToken("alice.silver")));

        var over = ask(shadow, withToken("alice.silver"));
        assertThat(over.shadowed()).isTrue();
        assertThat(over.outcome())
                .isEqualTo(
                        new Outcome.Allow(Optional.of(new LimitState("api", 10, HOUR, 2, 0, Duration.ofMinutes(12)))));

        var denied = ask(shadow, withToken("mallory.banned"));
        assertThat(denied.shadowed()).isTrue();
        assertThat(denied.outcome())
                .isEqualTo(new Outcome.Allow(Optional.of(new LimitState("api", 0, HOUR, 0, 0, Duration.ZERO))));
    }
}
