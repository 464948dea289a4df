package sluice.limiter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.limit.LimitFixture.prefix;
import static sluice.limiter.limit.LimitFixture.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.Limit;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.config.RequestCost;
import sluice.limiter.config.Tier;
import sluice.limiter.identity.Caller;
import sluice.limiter.identity.Claims;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.TokenCheck;

class DemandsTest {

    private static final BucketSize BASE = size(100);
    private static final BucketSize GOLD = size(1000);
    private static final BucketSize BANNED = size(0);
    private static final LimitMatch GETS = new LimitMatch(Optional.empty(), Optional.empty(), Set.of("GET"), Map.of());

    private static BucketSize size(long tokens) {
        return new BucketSize(tokens, Duration.ofMinutes(1), 200, 50);
    }

    private static Limit priced(RequestCost... costs) {
        return new Limit("api", LimitMatch.ANY, Optional.of(BASE), List.of(), 2, List.of(costs));
    }

    private static Limit tiered(Optional<BucketSize> base, Tier... tiers) {
        return new Limit("api", LimitMatch.ANY, base, List.of(tiers), 1, List.of());
    }

    private static Tier claim(String value, BucketSize... size) {
        return new Tier(
                new Tier.Mark.Claim("plan", value), List.of(size).stream().findFirst());
    }

    private static Tier header(String value, BucketSize... size) {
        return new Tier(
                new Tier.Mark.Header("X-Plan", value), List.of(size).stream().findFirst());
    }

    private static Caller caller(boolean trustedPeer, String... plans) {
        var claims = plans.length == 0 ? Claims.NONE : new Claims(Map.of("plan", Set.of(plans)));
        return new Caller("user:alice", trustedPeer, TokenCheck.VALID, claims);
    }

    private static List<Demand> demands(Limit limit, RequestHead head, Caller caller) {
        return Demands.of(List.of(limit), head, caller);
    }

    private static long cost(Limit limit, String path) {
        return demands(limit, request(path), caller(true)).stream()
                .mapToLong(Demand::cost)
                .sum();
    }

    private static Optional<BucketSize> size(Limit limit, Caller caller, String... headers) {
        return demands(limit, request("/", headers), caller).stream()
                .map(Demand::size)
                .findFirst();
    }

    @Test
    void onlyLimitsThatMatchWantSomething() {
        var limits = List.of(
                LimitFixture.limit("api", prefix("/api"), 1, Duration.ofSeconds(1), 1),
                LimitFixture.limit("other", prefix("/other"), 1, Duration.ofSeconds(1), 1),
                LimitFixture.limit("all", 1, Duration.ofSeconds(1), 1));

        assertThat(Demands.of(limits, request("/api/a"), caller(true)))
                .extracting(Demand::limit)
                .containsExactly("api", "all");
    }

    @ParameterizedTest
    @CsvSource({
        "/export, 50",
        "/export/all, 50",
        "/free, 0",
        "/free/export, 0",
        "/other, 2",
    })
    void theFirstCostThatMatchesCounts(String path, long cost) {
        var limit = priced(
                new RequestCost(prefix("/export"), 50),
                new RequestCost(prefix("/free"), 0),
                new RequestCost(prefix("/free/export"), 7));

        assertThat(cost(limit, path)).isEqualTo(cost);
    }

    @Test
    void aFreeRequestIsNotLimited() {
        assertThat(demands(priced(new RequestCost(GETS, 0)), request("/"), caller(true)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/free;a, 2",
        "/free;a/b, 2",
        "/export;a, 50",
        "/;a/export, 50",
    })
    void parametersMakeNothingCheaper(String path, long cost) {
        var limit = priced(new RequestCost(prefix("/export"), 50), new RequestCost(prefix("/free"), 0));

        assertThat(cost(limit, path)).isEqualTo(cost);
    }

    @Test
    void theFirstTierThatTheCallerIsInCounts() {
        var limit = tiered(Optional.of(BASE), claim("banned", BANNED), claim("gold", GOLD), claim("staff"));

        assertThat(size(limit, caller(false))).contains(BASE);
        assertThat(size(limit, caller(false, "silver"))).contains(BASE);
        assertThat(size(limit, caller(false, "gold"))).contains(GOLD);
        assertThat(size(limit, caller(false, "gold", "banned"))).contains(BANNED);
        assertThat(size(limit, caller(false, "staff"))).isEmpty();
    }

    @Test
    void aLimitMayBeForSomeOnly() {
        var limit = tiered(Optional.empty(), claim("free", BASE));

        assertThat(size(limit, caller(false, "free"))).contains(BASE);
        assertThat(size(limit, caller(false))).isEmpty();
    }

    @Test
    void aTiersHeaderIsBelievedFromTrustedProxiesOnly() {
        var limit = tiered(Optional.of(BASE), header("gold", GOLD));

        assertThat(size(limit, caller(true), "x-plan", "gold")).contains(GOLD);
        assertThat(size(limit, caller(false), "X-Plan", "gold")).contains(BASE);
        assertThat(size(limit, caller(true), "X-Plan", "Gold")).contains(BASE);
        assertThat(size(limit, caller(true), "X-Plan", "gold", "X-Plan", "gold"))
                .contains(BASE);
        assertThat(size(limit, caller(true), "X-Plan", "free", "X-Plan", "gold"))
                .contains(BASE);
        assertThat(size(limit, caller(true, "gold"))).contains(BASE);
    }

    @Test
    void aTierNamesTheSameBucket() {
        var limit = tiered(Optional.of(BASE), claim("gold", GOLD));

        assertThat(demands(limit, request("/"), caller(false, "gold")))
                .extracting(Demand::limit)
                .isEqualTo(demands(limit, request("/"), caller(false)).stream()
                        .map(Demand::limit)
                        .toList());
    }
}
