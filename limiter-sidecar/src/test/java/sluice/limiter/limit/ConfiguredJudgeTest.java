package sluice.limiter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.limit.LimitFixture.BY_HEADER;
import static sluice.limiter.limit.LimitFixture.limit;
import static sluice.limiter.limit.LimitFixture.limiter;
import static sluice.limiter.limit.LimitFixture.prefix;
import static sluice.limiter.limit.LimitFixture.request;
import static sluice.limiter.limit.LimitFixture.requestFrom;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.Enforcement;
import sluice.limiter.config.Limit;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.Maintenance;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.ArmBucket;
import sluice.limiter.identity.CallerIdentifier;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Backend;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.LimitState;
import sluice.limiter.judge.Outcome;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.TokenCheck;

class ConfiguredJudgeTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String UID = "6f0c";

    private final InMemoryTokenBucket buckets = new InMemoryTokenBucket(() -> 0);
    private boolean leaseHeld = true;

    private ConfiguredJudge judge(int weight, Limiter stable, Optional<Limiter> candidate) {
        var config = new LimiterConfig(
                new RolloutRef("apps", "api", UID),
                7,
                weight,
                BY_HEADER,
                stable,
                candidate,
                1,
                Optional.of(Duration.ofMinutes(2)));
        var identifier = new CallerIdentifier(BY_HEADER, Optional.empty());
        return new ConfiguredJudge(
                config,
                identifier,
                ArmLimiter.of(stable, identifier, buckets),
                candidate.map(limiter -> ArmLimiter.of(limiter, identifier, buckets)),
                () -> leaseHeld);
    }

    private ConfiguredJudge stableOnly(Limiter stable) {
        return judge(0, stable, Optional.empty());
    }

    private static Judgement ask(ConfiguredJudge judge, RequestHead head) {
        var judgements = new ArrayList<Judgement>();
        judge.judge(head, new DefaultEventLoop(), judgements::add);
        assertThat(judgements).hasSize(1);
        return judgements.getFirst();
    }

    @Test
    void passThroughLetsEverythingPass() {
        var judgement = ask(stableOnly(Limiter.OFF), request("/api", "X-WAF-Decision", "block"));

        assertThat(judgement.outcome()).isEqualTo(new Outcome.Allow(Optional.empty()));
        assertThat(judgement.backend()).isEqualTo(Backend.OFF);
        assertThat(judgement.revision()).isEqualTo("off");
        assertThat(judgement.epoch()).isEqualTo(7);
        assertThat(judgement.tokenCheck()).isEqualTo(TokenCheck.ABSENT);
    }

    @Test
    void passThroughTellsCallersApartByTheArmsRules() {
        var judge = stableOnly(Limiter.OFF);

        assertThat(ask(judge, request("/", "X-User-Id", "alice")).key())
                .startsWith("user:")
                .isNotEqualTo(ask(judge, request("/", "X-User-Id", "bob")).key());
    }

    @Test
    void throttlesWhenTheBurstIsSpentAndSaysWhenToComeBack() {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE, limit("api", 10, HOUR, 2)));

        assertThat(ask(judge, request("/")).outcome())
                .isEqualTo(
                        new Outcome.Allow(Optional.of(new LimitState("api", 10, HOUR, 2, 1, Duration.ofMinutes(6)))));
        ask(judge, request("/"));
        assertThat(ask(judge, request("/")).outcome())
                .isEqualTo(new Outcome.Throttle(
                        new LimitState("api", 10, HOUR, 2, 0, Duration.ofMinutes(12)),
                        Optional.of(Duration.ofMinutes(6))));
    }

    @Test
    void ofSeveralLimitsTheTightestSpeaks() {
        var judge =
                stableOnly(limiter("r", Enforcement.ENFORCE, limit("wide", 10, HOUR, 9), limit("tight", 10, HOUR, 3)));

        assertThat(ask(judge, request("/")).outcome()).isInstanceOfSatisfying(Outcome.Allow.class, allow -> {
            assertThat(allow.limits().tightest()).map(LimitState::limit).contains("tight");
            assertThat(allow.limits().states()).extracting(LimitState::limit).containsExactly("wide", "tight");
        });
    }

    @Test
    void namesEveryLimitThatIsExceededTheLongestFirst() {
        var judge = stableOnly(limiter(
                "r",
                Enforcement.ENFORCE,
                limit("quick", 60, HOUR, 1),
                limit("slow", 10, HOUR, 1),
                limit("wide", 10, HOUR, 9)));
        ask(judge, request("/"));

        assertThat(ask(judge, request("/")).outcome()).isInstanceOfSatisfying(Outcome.Throttle.class, throttle -> {
            assertThat(throttle.exceeded()).containsExactly("slow", "quick");
            assertThat(throttle.retryAfter()).contains(Duration.ofMinutes(6));
            assertThat(throttle.limits().states())
                    .extracting(LimitState::limit)
                    .containsExactly("quick", "slow", "wide");
        });
    }

    @Test
    void asksForTheOlderHeadersWhenTheLimiterDoes() {
        var limiter = limiter("r", Enforcement.ENFORCE, limit("api", 10, HOUR, 2));
        var older = new Limiter(
                limiter.revision(),
                limiter.backend(),
                limiter.redis(),
                limiter.limits(),
                limiter.identity(),
                limiter.exemptPaths(),
                limiter.waf(),
                limiter.enforcement(),
                true);

        assertThat(ask(stableOnly(older), request("/")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Allow.class,
                        allow -> assertThat(allow.limits().legacy()).isTrue());
        assertThat(ask(stableOnly(limiter), request("/")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Allow.class,
                        allow -> assertThat(allow.limits().legacy()).isFalse());
    }

    @Test
    void theTightestIsTheOneThatFewestMoreRequestsWouldPass() {
        var dear =
                new Limit("dear", LimitMatch.ANY, Optional.of(new BucketSize(10, HOUR, 9, 5)), List.of(), 5, List.of());
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE, dear, limit("cheap", 10, HOUR, 3)));

        // Four tokens are left of a limit of which a request takes five, two of one of which it takes one.
        assertThat(ask(judge, request("/")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Allow.class,
                        allow -> assertThat(allow.limits().tightest())
                                .map(LimitState::limit)
                                .contains("dear"));
    }

    @Test
    void aLimitOfNoTokensDeniesWithoutAPromiseAndCostsNothing() {
        var judge = stableOnly(limiter(
                "r", Enforcement.ENFORCE, limit("all", 10, HOUR, 2), limit("closed", prefix("/closed"), 0, HOUR, 0)));

        IntStream.range(0, 5)
                .forEach(request -> assertThat(ask(judge, request("/closed")).outcome())
                        .isEqualTo(new Outcome.Throttle(
                                new LimitState("closed", 0, HOUR, 0, 0, Duration.ZERO), Optional.empty())));
        assertThat(ask(judge, request("/open")).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Allow.class,
                        allow -> assertThat(allow.limits().tightest())
                                .map(LimitState::remaining)
                                .contains(1L));
    }

    @Test
    void closesForMaintenanceAllButTheExemptPathsAndTakesNoTokens() {
        var limiter = limiter("r", Enforcement.ENFORCE, limit("api", 10, HOUR, 1));
        var identifier = new CallerIdentifier(BY_HEADER, Optional.empty());
        var buckets = new InMemoryTokenBucket(System::nanoTime);
        var config = new LimiterConfig(
                new RolloutRef("apps", "api", UID),
                7,
                0,
                BY_HEADER,
                Limiter.OFF,
                Optional.of(limiter),
                1,
                Optional.of(new Maintenance(Duration.ofMinutes(5))),
                Optional.empty());
        var judge = new ConfiguredJudge(
                config, identifier, ArmLimiter.of(limiter, identifier, buckets), Optional.empty(), () -> true);

        var closed = ask(judge, request("/", "X-WAF-Decision", "block"));
        assertThat(closed.outcome()).isEqualTo(new Outcome.Maintain(Duration.ofMinutes(5)));
        assertThat(closed.backend()).isEqualTo(Backend.OFF);
        assertThat(buckets.level(CallerKey.of(UID, "ip:10.0.0.1"), LimitFixture.demand("api", 10, HOUR, 1)))
                .isEmpty();
        // The one that the candidate exempts: the stable limiter, which is Off, exempts none.
        assertThat(ask(judge, request("/healthz")).outcome()).isEqualTo(new Outcome.Allow(Optional.empty()));
    }

    @Test
    void exemptPathsAndUnmatchedOnesUseNoTokens() {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE, limit("api", prefix("/api"), 10, HOUR, 1)));

        IntStream.range(0, 5).forEach(request -> {
            assertThat(ask(judge, request("/healthz")).outcome()).isEqualTo(new Outcome.Allow(Optional.empty()));
            assertThat(ask(judge, request("/other")).outcome()).isEqualTo(new Outcome.Allow(Optional.empty()));
        });
        assertThat(ask(judge, request("/api")).outcome()).isInstanceOf(Outcome.Allow.class);
    }

    @Test
    void parametersGainNoExemption() {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE, limit("all", prefix("/"), 10, HOUR, 1)));

        assertThat(ask(judge, request("/healthz")).outcome()).isEqualTo(new Outcome.Allow(Optional.empty()));
        assertThat(ask(judge, request("/healthz;a")).outcome()).isInstanceOf(Outcome.Allow.class);
        assertThat(ask(judge, request("/healthz;a")).outcome()).isInstanceOf(Outcome.Throttle.class);
    }

    @Test
    void aBlockedRequestUsesNoToken() {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE, limit("api", 10, HOUR, 1)));

        for (var verdict : List.of("block", "Blocked", " DENY")) {
            var judgement = ask(judge, request("/", "X-WAF-Decision", verdict.strip(), "X-WAF-Rule", "942100"));
            assertThat(judgement.outcome()).isEqualTo(new Outcome.Block());
            assertThat(judgement.wafRule()).contains("942100");
        }
        assertThat(ask(judge, request("/", "X-WAF-Decision", "pass")).outcome()).isInstanceOf(Outcome.Allow.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow, block",
                "block, allow",
                "allow,deny",
                "pass,, Blocked ",
                "block;rule=1",
                "pass; said=\"a\\\"b\", block; said=\"c\"",
                "pass; said=\"a\\\\\", block; said=\"c\"",
                "pass; said=\"never ends, block",
                "pass, block ;a, pass"
            })
    void oneVerdictOfAListBlocks(String verdicts) {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE));

        assertThat(ask(judge, request("/", "X-WAF-Decision", verdicts)).outcome())
                .isEqualTo(new Outcome.Block());
        var lines = Arrays.stream(verdicts.split(","))
                .flatMap(verdict -> Stream.of("X-WAF-Decision", verdict.strip()))
                .toArray(String[]::new);
        assertThat(ask(judge, request("/", lines)).outcome()).isEqualTo(new Outcome.Block());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow, pass",
                "blocking",
                "pass;block",
                "allow, not block",
                ",",
                ";block",
                "pass; said=\"log, block, deny\"",
                "pass; said=\"log\\\", block, deny\""
            })
    void whatIsNoVerdictBlocksNobody(String verdicts) {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE));

        assertThat(ask(judge, request("/", "X-WAF-Decision", verdicts)).outcome())
                .isInstanceOf(Outcome.Allow.class);
    }

    @Test
    void aDetectedRuleIsReportedWithoutBlocking() {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE));

        var judgement = ask(judge, request("/", "X-WAF-Decision", "detect", "X-WAF-Rule", "942100"));

        assertThat(judgement.outcome()).isInstanceOf(Outcome.Allow.class);
        assertThat(judgement.wafRule()).contains("942100");
    }

    @Test
    void aVerdictFromAnUntrustedPeerCountsForNothing() {
        var judge = stableOnly(limiter("r", Enforcement.ENFORCE));

        var judgement = ask(judge, requestFrom("192.0.2.1", "/", "X-WAF-Decision", "block", "X-WAF-Rule", "1"));

        assertThat(judgement.outcome()).isInstanceOf(Outcome.Allow.class);
        assertThat(judgement.wafRule()).isEmpty();
    }

    @Test
    void shadowCountsAndNeverThrottles() {
        var judge = stableOnly(limiter("r", Enforcement.SHADOW, limit("api", 10, HOUR, 1)));

        assertThat(ask(judge, request("/")).shadowed()).isFalse();
        var over = ask(judge, request("/"));

        assertThat(over.shadowed()).isTrue();
        assertThat(over.outcome()).isInstanceOf(Outcome.Allow.class);
        assertThat(ask(judge, request("/", "X-WAF-Decision", "block")).outcome())
                .isEqualTo(new Outcome.Block());
    }

    @Test
    void theWeightSaysWhoIsInTheCandidateArm() {
        var judge = judge(10, Limiter.OFF, Optional.of(limiter("new", Enforcement.ENFORCE)));

        IntStream.range(0, 1000).forEach(user -> {
            var judgement = ask(judge, request("/", "X-User-Id", "u" + user));
            var in = ArmBucket.isWithin(UID, "user:u" + user, 10);
            assertThat(judgement.arm()).isEqualTo(in ? Arm.CANDIDATE : Arm.STABLE);
            assertThat(judgement.revision()).isEqualTo(in ? "new" : "off");
        });
    }

    @Test
    void withoutTheLeaseEveryoneIsStable() {
        var judge = judge(100, Limiter.OFF, Optional.of(limiter("new", Enforcement.ENFORCE)));
        assertThat(ask(judge, request("/")).arm()).isEqualTo(Arm.CANDIDATE);

        leaseHeld = false;

        assertThat(ask(judge, request("/")).arm()).isEqualTo(Arm.STABLE);
    }
}
