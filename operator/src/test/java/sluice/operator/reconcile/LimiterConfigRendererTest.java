package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.JwtRules;
import sluice.limiter.config.LimiterBackend;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.config.RequestCost;
import sluice.limiter.config.Tier;
import sluice.limiter.config.TokenKeySource;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.rollout.Baseline;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.Canary;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Observation;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutDecider;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Run;
import sluice.operator.rollout.Sidecars;
import sluice.operator.rollout.Signals;

/** What the operator renders, read by the sidecar's own parser. */
class LimiterConfigRendererTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String FULL = """
            targetRef: {kind: Deployment, name: scholarship-api}
            limiter:
              backend: Redis
              redis: {secretRef: {name: redis-limiter}, timeout: 25ms}
              limits:
              - {name: api, match: {pathPrefix: /api, methods: [GET, POST], headers: {X-Plan: gold}}, tokens: 100, per: 1m, burst: 150}
              - {name: login, match: {path: /login}, tokens: 5, per: 1h}
              - {name: none, tokens: 0, per: 1s}
              - name: search
                tokens: 100
                per: 1m
                cost: 2
                costs: [{match: {path: /search/all}, cost: 50}, {match: {methods: [HEAD]}, cost: 0}]
                tiers:
                - {claim: {name: plan, value: gold}, tokens: 1000, burst: 1500}
                - {header: {name: X-Plan, value: internal}, unlimited: true}
                - {claim: {name: plan, value: banned}, tokens: 0}
              - {name: partners, unlimited: true}
              identity:
                user: {jwt: {jwksSecretRef: {name: auth-keys}, audience: api, issuer: "https://id"}}
                trustedProxies: [10.0.0.0/8, "fd00::/8"]
                ipv6Prefix: 56
              exempt: {paths: [/healthz]}
              waf: {}
              enforcement: Shadow
            strategy: {steps: [{weight: 10, hold: 30m}, {weight: 100, hold: 30m}]}
            """;

    @Test
    void aPendingRolloutPassesEverythingThrough() {
        var config = parsed(RolloutState.initial(Limiter.OFF, NOW), 2);

        assertThat(config.stable().backend()).isEqualTo(LimiterBackend.OFF);
        assertThat(config.stable().revision()).isEqualTo("off");
        assertThat(config.candidate()).isEmpty();
        assertThat(config.weight()).isZero();
        assertThat(config.deadManSwitch()).isEmpty();
        assertThat(config.rollout().uid()).isEqualTo("6f0c");
    }

    @Test
    void theCandidateArrivesAsItWasWritten() {
        var config = parsed(exposed(plan(FULL)), 2);

        assertThat(config.weight()).isEqualTo(10);
        assertThat(config.deadManSwitch()).contains(Duration.ofMinutes(2));
        assertThat(config.replicas()).isEqualTo(2);
        var candidate = config.candidate().orElseThrow();
        assertThat(candidate.backend()).isEqualTo(LimiterBackend.REDIS);
        assertThat(candidate.revision()).isEqualTo(plan(FULL).candidate().revision());
        assertThat(candidate.redis().orElseThrow().secret()).isEqualTo("redis-limiter");
        assertThat(candidate.redis().orElseThrow().timeout()).isEqualTo(Duration.ofMillis(25));
        assertThat(candidate.exemptPaths()).containsExactly("/healthz");
        assertThat(candidate.enforcement()).isEqualTo(sluice.limiter.config.Enforcement.SHADOW);
        assertThat(candidate.identity().jwt())
                .contains(new JwtRules(
                        new TokenKeySource.Jwks("auth-keys"), "sub", Optional.of("api"), Optional.of("https://id")));
        assertThat(candidate.identity().ipv6Prefix()).isEqualTo(56);
        assertThat(candidate.waf().decisionHeader()).contains("X-WAF-Decision");
    }

    @Test
    void believesWhomTheLastCandidateBelievedWhileTheNextOneWaits() {
        var last = plan(FULL).candidate();
        var exposed = parsed(exposed(plan(FULL)), 2);
        var waiting = parsed(state(Limiter.OFF, new Progress.Pending(NOW, Optional.of(last))), 2);

        assertThat(waiting.weight()).isZero();
        assertThat(waiting.stable().backend()).isEqualTo(LimiterBackend.OFF);
        assertThat(waiting.armIdentity()).isEqualTo(exposed.armIdentity());
        assertThat(waiting.exempts("/healthz")).isTrue();
    }

    @Test
    void theOlderHeadersAreWantedOnlyByWhoAsksForThem() {
        var older = FULL.replace("  enforcement: Shadow", "  enforcement: Shadow\n  legacyHeaders: true");

        assertThat(parsed(exposed(plan(older)), 2).candidate().orElseThrow().legacyHeaders())
                .isTrue();
        assertThat(parsed(exposed(plan(FULL)), 2).candidate().orElseThrow().legacyHeaders())
                .isFalse();
    }

    @Test
    void sidecarsAreToldThatTheServiceIsClosedInEveryPhase() {
        var closed = plan(FULL + "maintenance: {enabled: true, retryAfter: 90s}\n");
        for (var state : List.of(RolloutState.initial(Limiter.OFF, NOW), exposed(closed))) {
            var next = RolloutDecider.decide(closed, state, nothingSeen(), NOW).next();

            assertThat(next.maintenance()).contains(Duration.ofSeconds(90));
            assertThat(next.epoch()).isEqualTo(state.epoch() + 1);
            assertThat(next.candidate()).isEqualTo(state.candidate());
            assertThat(parsed(next, 2).maintenance().orElseThrow().retryAfter()).isEqualTo(Duration.ofSeconds(90));
            var open =
                    RolloutDecider.decide(plan(FULL), next, nothingSeen(), NOW).next();
            assertThat(parsed(open, 2).maintenance()).isEmpty();
            assertThat(open.epoch()).isEqualTo(next.epoch() + 1);
        }
    }

    private static Observation nothingSeen() {
        return new Observation(
                new Sidecars(2, 0, 0, 0),
                Signals.missing("nobody looked"),
                List.of(new Blocker("Waits", "nothing begins")));
    }

    @Test
    void limitsArriveWithTheirDefaults() {
        var limits = parsed(exposed(plan(FULL)), 2).candidate().orElseThrow().limits();

        assertThat(limits).hasSize(5);
        assertThat(limits.getFirst().size()).contains(new BucketSize(100, Duration.ofMinutes(1), 150, 1));
        assertThat(limits.getFirst().match().methods()).containsExactlyInAnyOrder("GET", "POST");
        assertThat(limits.getFirst().match().headers()).containsEntry("X-Plan", "gold");
        assertThat(limits.get(1).size()).contains(new BucketSize(5, Duration.ofHours(1), 5, 1));
        assertThat(limits.get(2).size()).contains(new BucketSize(0, Duration.ofSeconds(1), 1, 1));
    }

    @Test
    void costsAndTiersArriveAsTheyWereWritten() {
        var limits = parsed(exposed(plan(FULL)), 2).candidate().orElseThrow().limits();
        var search = limits.get(3);
        var longest = Duration.ofSeconds(90);

        assertThat(search.size()).contains(new BucketSize(100, Duration.ofMinutes(1), 100, 50, longest));
        assertThat(search.cost()).isEqualTo(2);
        assertThat(search.costs()).extracting(RequestCost::tokens).containsExactly(50L, 0L);
        assertThat(search.costs().getFirst().match().path()).contains("/search/all");
        assertThat(search.costs().get(1).match().methods()).containsExactly("HEAD");
        assertThat(search.tiers())
                .containsExactly(
                        new Tier(
                                new Tier.Mark.Claim("plan", "gold"),
                                Optional.of(new BucketSize(1000, Duration.ofMinutes(1), 1500, 50, longest))),
                        new Tier(new Tier.Mark.Header("X-Plan", "internal"), Optional.empty()),
                        new Tier(
                                new Tier.Mark.Claim("plan", "banned"),
                                Optional.of(new BucketSize(0, Duration.ofMinutes(1), 1, 50, longest))));
        assertThat(limits.get(4).size()).isEmpty();
    }

    @Test
    void everyPartOfALimitIsPartOfTheRevision() {
        var whole = plan(FULL).candidate().revision();

        assertThat(List.of(
                        "cost: 2",
                        "cost: 50",
                        "tokens: 1000",
                        "burst: 1500",
                        "name: plan",
                        "name: X-Plan",
                        "name: partners"))
                .allSatisfy(part -> assertThat(
                                plan(FULL.replace(part, part + "0")).candidate().revision())
                        .isNotEqualTo(whole));
    }

    @Test
    void aLimiterWithoutAnythingOptionalIsUnderstood() {
        var shortest = """
                targetRef: {name: scholarship-api}
                limiter: {backend: Memory, limits: [{name: all, tokens: 1, per: 1s}]}
                """;
        var config = parsed(exposed(plan(shortest)), 0);

        assertThat(config.candidate().orElseThrow().backend()).isEqualTo(LimiterBackend.MEMORY);
        assertThat(config.replicas()).isEqualTo(1);
    }

    @Test
    void anHmacKeyArrivesInPlaceOfAKeySet() {
        var config = parsed(
                exposed(plan(FULL.replace("jwksSecretRef: {name: auth-keys}", "hmacSecretRef: {name: auth-key}"))), 2);

        assertThat(config.candidate()
                        .orElseThrow()
                        .identity()
                        .jwt()
                        .orElseThrow()
                        .keys())
                .isEqualTo(new TokenKeySource.Hmac("auth-key"));
    }

    @Test
    void theArmIsChosenByTheStableLimitersIdentityOnceThereIsOne() {
        var stable = plan(FULL.replace("ipv6Prefix: 56", "ipv6Prefix: 48")).candidate();
        var first = parsed(exposed(plan(FULL)), 2);
        var second = parsed(exposed(plan(FULL), stable), 2);

        assertThat(first.armIdentity().ipv6Prefix()).isEqualTo(56);
        assertThat(second.armIdentity().ipv6Prefix()).isEqualTo(48);
        assertThat(second.candidate().orElseThrow().identity().ipv6Prefix()).isEqualTo(56);
    }

    private static LimiterConfig parsed(RolloutState state, int replicas) {
        var frame = new LimiterConfigRenderer.Frame("apps", "scholarship-api", "6f0c", replicas, 120);
        var document = LimiterConfigRenderer.render(state, frame);
        assertThat(document).doesNotContain("\n");
        return LimiterConfigParser.parse(document);
    }

    private static RolloutState exposed(RolloutPlan plan) {
        return exposed(plan, Limiter.OFF);
    }

    private static RolloutState exposed(RolloutPlan plan, Limiter stable) {
        var run = new Run(plan.candidate(), plan.strategy(), NOW);
        var canary = new Canary(0, NOW, NOW, new Baseline(java.util.Map.of(), NOW));
        return state(stable, new Progress.Progressing(run, canary));
    }

    private static RolloutState state(Limiter stable, Progress progress) {
        var initial = RolloutState.initial(stable, NOW);
        return new RolloutState(
                7,
                stable,
                false,
                true,
                progress,
                initial.timers(),
                initial.orders(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static RolloutPlan plan(String yaml) {
        try {
            return PlanMapping.toPlan(
                    new YAMLMapper().readValue(yaml, RateLimitRolloutSpec.class), java.util.Optional.empty());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
