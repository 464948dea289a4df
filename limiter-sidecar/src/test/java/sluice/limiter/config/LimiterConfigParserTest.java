package sluice.limiter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimiterConfigParserTest {

    private static final String DOCUMENT = """
            {
              "version": 1,
              "rollout": {"namespace": "apps", "name": "scholarship-api", "uid": "6f0c"},
              "epoch": 7,
              "weight": 10,
              "armIdentity": {"userHeader": "X-User-Id", "trustedProxies": ["10.0.0.0/8"], "ipv6Prefix": 64},
              "stable": {"revision": "off", "backend": "Off"},
              "candidate": {
                "revision": "3f9a0c12de", "backend": "Redis",
                "redis": {"secret": "redis-limiter", "timeoutMillis": 20},
                "limits": [{"name": "api", "match": {"path": null, "pathPrefix": "/api", "methods": [], "headers": {}},
                            "tokens": 100, "periodMillis": 60000, "burst": 150}],
                "identity": {"jwt": {"jwksSecret": "auth-keys", "claim": "sub", "audience": "api", "issuer": "https://id.example"},
                             "trustedProxies": ["10.0.0.0/8"], "ipv6Prefix": 56},
                "exemptPaths": ["/healthz"],
                "waf": {"decisionHeader": "X-WAF-Decision", "ruleHeader": "X-WAF-Rule"},
                "enforcement": "Shadow"
              },
              "replicas": 2,
              "deadManSwitchSeconds": 120
            }
            """;

    private static final List<Cidr> TEN = List.of(Cidr.parse("10.0.0.0/8"));

    @Test
    void readsTheDocumentOfTheContract() {
        var limit = new Limit(
                "api",
                new LimitMatch(Optional.empty(), Optional.of("/api"), Set.of(), Map.of()),
                Optional.of(new BucketSize(100, Duration.ofMinutes(1), 150, 1)),
                List.of(),
                1,
                List.of());
        var candidate = new Limiter(
                "3f9a0c12de",
                LimiterBackend.REDIS,
                Optional.of(new RedisSettings("redis-limiter", Duration.ofMillis(20))),
                List.of(limit),
                new IdentityRules(
                        Optional.empty(),
                        Optional.of(new JwtRules(
                                new TokenKeySource.Jwks("auth-keys"),
                                "sub",
                                Optional.of("api"),
                                Optional.of("https://id.example"))),
                        TEN,
                        56),
                List.of("/healthz"),
                new WafHeaders(Optional.of("X-WAF-Decision"), Optional.of("X-WAF-Rule")),
                Enforcement.SHADOW);

        assertThat(LimiterConfigParser.parse(DOCUMENT))
                .isEqualTo(new LimiterConfig(
                        new RolloutRef("apps", "scholarship-api", "6f0c"),
                        7,
                        10,
                        new IdentityRules(Optional.of("X-User-Id"), Optional.empty(), TEN, 64),
                        Limiter.OFF,
                        Optional.of(candidate),
                        2,
                        Optional.of(Duration.ofMinutes(2))));
    }

    @Test
    void fillsInWhatMayBeAbsent() {
        var config = LimiterConfigParser.parse("""
                {"version": 1, "rollout": {"namespace": "a", "name": "b", "uid": "c"}, "epoch": 0, "weight": 0,
                 "stable": {"revision": "x", "backend": "Redis", "redis": {"secret": "s"}}, "replicas": 1}
                """);

        assertThat(config.armIdentity()).isEqualTo(IdentityRules.CLIENT_ADDRESS);
        assertThat(config.candidate()).isEmpty();
        assertThat(config.deadManSwitch()).isEmpty();
        assertThat(config.stable().redis().orElseThrow().timeout()).isEqualTo(Duration.ofMillis(20));
        assertThat(config.stable().enforcement()).isEqualTo(Enforcement.ENFORCE);
        assertThat(config.stable().limits()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "version": 1,      | "version": 2,      | version: must be at most 1, is 2
            "weight": 10,      | "weight": 101,     | weight: must be at most 100, is 101
            "weight": 10,      | "weight": 1.5,     | weight: must be a whole number, is 1.5
            "weight": 10,      |                    | weight: is missing
            "epoch": 7,        | "epoch": -1,       | epoch: must be at least 0, is -1
            "epoch": 7,        | "epoch": 99999999999999999999, | epoch: must be a whole number, is 99999999999999999999
            "replicas": 2      | "replicas": 0      | replicas: must be at least 1, is 0
            "replicas": 2      | "replicas": "2"    | replicas: must be a whole number, is "2"
            "uid": "6f0c"      | "uid": "a/b"       | rollout.uid: must be 1 to 253 letters, digits, dots or dashes
            "burst": 150       | "burst": 0         | candidate.limits[0].burst: must be at least 1, is 0
            "burst": 150       | "burst": 200000000 | candidate.limits[0].burst: must be at most 150119987 for this period, is 200000000
            "tokens": 100      | "tokens": -1       | candidate.limits[0].tokens: must be at least 0, is -1
            "tokens": 100      | "tokens": 60000000001 | candidate.limits[0].tokens: must be at most 1000000000 a second, is 60000000001
            "burst": 150       | "burst": 150, "tier": [] | candidate.limits[0].tier: is not a known field; remove it, or use a sidecar that knows it (this one knows burst, cost, costs, match, name, periodMillis, tiers, tokens, unlimited)
            "burst": 150       | "burst": 9, "cost": 10 | candidate.limits[0].burst: must be at least the largest cost of the limit, 10, is 9
            "burst": 150       | "burst": 9, "costs": [{"cost": 10}] | candidate.limits[0].burst: must be at least the largest cost of the limit, 10, is 9
            "burst": 150       | "burst": 150, "cost": 0 | candidate.limits[0].cost: must be at least 1, is 0
            "burst": 150       | "burst": 150, "costs": [{"cost": -1}] | candidate.limits[0].costs[0].cost: must be at least 0, is -1
            "burst": 150       | "burst": 150, "costs": [{"match": {}}] | candidate.limits[0].costs[0].cost: is missing
            "burst": 150       | "burst": 150, "costs": [{"match": {"path": "a"}, "cost": 1}] | candidate.limits[0].costs[0].match.path: must start with /, is a
            "burst": 150       | "burst": 150, "costs": [{"cost": 1, "tokens": 1}] | candidate.limits[0].costs[0].tokens: is not a known field; remove it, or use a sidecar that knows it (this one knows cost, match)
            "burst": 150       | "burst": 150, "unlimited": true | candidate.limits[0].tokens: must be absent when unlimited is true; candidate.limits[0].burst: must be absent when unlimited is true
            "tokens": 100,     | "unlimited": true, | candidate.limits[0].burst: must be absent when unlimited is true
            "tokens": 100,     | "unlimited": "yes", | candidate.limits[0].unlimited: must be true or false, is "yes"; candidate.limits[0].tokens: is missing; give it, or unlimited: true
            "tokens": 100,     |                    | candidate.limits[0].tokens: is missing; give it, or unlimited: true
            "periodMillis": 60000, |                | candidate.limits[0].periodMillis: is missing
            "burst": 150       | "burst": 150, "tiers": [{"tokens": 1, "burst": 1}] | candidate.limits[0].tiers[0].claim: must be given, or header, and not both
            "burst": 150       | "burst": 150, "tiers": [{"claim": {"name": "a", "value": "b"}, "header": {"name": "a", "value": "b"}, "unlimited": true}] | candidate.limits[0].tiers[0].claim: must be given, or header, and not both
            "burst": 150       | "burst": 150, "tiers": [{"claim": {"name": "a"}, "unlimited": true}] | candidate.limits[0].tiers[0].claim.value: is missing
            "burst": 150       | "burst": 150, "tiers": [{"claim": {"name": "a", "value": "b"}}] | candidate.limits[0].tiers[0].tokens: is missing; give it, or unlimited: true; candidate.limits[0].tiers[0].burst: is missing
            "burst": 150       | "burst": 150, "tiers": [{"claim": {"name": "a", "value": "b"}, "tokens": 1, "burst": 200000000}] | candidate.limits[0].tiers[0].burst: must be at most 150119987 for this period, is 200000000
            "burst": 150       | "burst": 150, "cost": 2, "tiers": [{"claim": {"name": "a", "value": "b"}, "tokens": 1, "burst": 1}] | candidate.limits[0].tiers[0].burst: must be at least the largest cost of the limit, 2, is 1
            "burst": 150       | "burst": 150, "tiers": [{"claim": {"name": "a", "value": "b"}, "unlimited": true, "burst": 1}] | candidate.limits[0].tiers[0].burst: must be absent when unlimited is true
            "name": "api"      | "name": "a/b"      | candidate.limits[0].name: must be 1 to 63 letters, digits, dots, dashes or underscores, a letter or digit first
            "pathPrefix": "/api" | "pathPrefix": "api" | candidate.limits[0].match.pathPrefix: must start with /, is api
            "methods": []      | "methods": [1]     | candidate.limits[0].match.methods[0]: must be a text that is not empty, is 1
            "headers": {}      | "headers": {"a": 1} | candidate.limits[0].match.headers.a: must be a text that is not empty, is 1
            "backend": "Redis" | "backend": "redis" | candidate.backend: must be Off, Memory or Redis
            "redis": {"secret": "redis-limiter", "timeoutMillis": 20}, | | candidate.redis: is missing; the backend Redis needs it
            "secret": "redis-limiter" | "secret": "../up" | candidate.redis.secret: must be the name of a Secret: lower-case letters, digits, dots and dashes, a letter or digit first
            "enforcement": "Shadow" | "enforcement": "Warn" | candidate.enforcement: must be Enforce or Shadow
            "jwt":             | "userHeader": "X-U", "jwt": | candidate.identity.jwt: must be absent when userHeader is given; a user comes from one of the two
            "jwksSecret": "auth-keys" | "jwksSecret": "auth-keys", "hmacSecret": "auth-key" | candidate.identity.jwt.hmacSecret: must be absent when jwksSecret is given; tokens are verified by one of the two
            "jwksSecret": "auth-keys", | | candidate.identity.jwt.jwksSecret: is missing; give it, or hmacSecret
            "jwksSecret": "auth-keys" | "hmacSecret": "/etc" | candidate.identity.jwt.hmacSecret: must be the name of a Secret: lower-case letters, digits, dots and dashes, a letter or digit first
            "audience": "api"  | "audience": ["api"] | candidate.identity.jwt.audience: must be a text that is not empty, is ["api"]
            "ipv6Prefix": 56   | "ipv6Prefix": 0    | candidate.identity.ipv6Prefix: must be at least 1, is 0
            ["10.0.0.0/8"], "ipv6Prefix": 64 | ["10.0.0.0/33"] | armIdentity.trustedProxies[0]: must be a network such as 10.0.0.0/8 or 2001:db8::/32, is 10.0.0.0/33
            "exemptPaths": ["/healthz"] | "exemptPaths": "/healthz" | candidate.exemptPaths: must be a list
            "stable": {"revision": "off", "backend": "Off"} | "stable": "off" | stable: must be an object
            """)
    void refusesByNameAndSaysWhatWouldBeRight(String text, @Nullable String instead, String message) {
        assertThat(DOCUMENT).contains(text);

        assertThatThrownBy(() -> LimiterConfigParser.parse(DOCUMENT.replace(text, instead == null ? "" : instead)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(message);
    }

    @Test
    void takesAnHmacKeyInPlaceOfAKeySet() {
        var config = LimiterConfigParser.parse(DOCUMENT.replace(
                "\"jwt\": {\"jwksSecret\": \"auth-keys\", \"claim\": \"sub\", \"audience\": \"api\", \"issuer\": \"https://id.example\"}",
                "\"jwt\": {\"hmacSecret\": \"auth-key\"}"));

        assertThat(config.candidate().orElseThrow().identity().jwt())
                .contains(new JwtRules(new TokenKeySource.Hmac("auth-key"), "sub", Optional.empty(), Optional.empty()));
    }

    @Test
    void readsHowLongTheServiceIsClosed() {
        var closed =
                DOCUMENT.replace("\"replicas\": 2", "\"replicas\": 2, \"maintenance\": {\"retryAfterSeconds\": 300}");

        assertThat(LimiterConfigParser.parse(closed).maintenance()).contains(new Maintenance(Duration.ofMinutes(5)));
        assertThat(LimiterConfigParser.parse(DOCUMENT).maintenance()).isEmpty();
        assertThatThrownBy(() -> LimiterConfigParser.parse(closed.replace("300", "0")))
                .hasMessage("maintenance.retryAfterSeconds: must be at least 1, is 0");
    }

    @Test
    void namesEverythingThatIsWrongAndNothingTwice() {
        assertThatThrownBy(() -> LimiterConfigParser.parse("""
                        {"version": 1, "rollout": {"namespace": "a/b", "uid": 5}, "epoch": "x", "weight": 0,
                         "stable": {"revision": "x", "backend": "Redis", "limits": [{"tokens": 5, "burst": 0, "colour": "red"}, 7]}}
                        """))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.faults().stream().map(Fault::toString))
                                .containsExactlyInAnyOrder(
                                        "rollout.namespace: must be 1 to 253 letters, digits, dots or dashes",
                                        "rollout.name: is missing",
                                        "rollout.uid: must be a text that is not empty, is 5",
                                        "epoch: must be a whole number, is \"x\"",
                                        "stable.redis: is missing; the backend Redis needs it",
                                        "stable.limits[0].name: is missing",
                                        "stable.limits[0].burst: must be at least 1, is 0",
                                        "stable.limits[0].periodMillis: is missing",
                                        "stable.limits[0].colour: is not a known field; remove it, or use a sidecar that knows it"
                                                + " (this one knows burst, cost, costs, match, name, periodMillis, tiers, tokens, unlimited)",
                                        "stable.limits[1]: must be an object",
                                        "replicas: is missing"));
    }

    @Test
    void refusesTwoLimitsOfOneName() {
        var limit = "{\"name\": \"api\", \"tokens\": 1, \"periodMillis\": 1000, \"burst\": 1}";
        var twice = DOCUMENT.replaceAll("(?s)\"limits\": \\[.*?150}]", "\"limits\": [" + limit + "," + limit + "]");

        assertThatThrownBy(() -> LimiterConfigParser.parse(twice))
                .hasMessage("candidate.limits[1].name: must be unique, api is there twice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"version": 1      | (document): is not JSON at line 1, column 14
            {} {}              | (document): is not JSON at line 1, column 4
            []                 | (document): must be an object
            ``                 | (document): must be an object
            """)
    void saysWhereTheDocumentIsNotJson(String document, String message) {
        assertThatThrownBy(() -> LimiterConfigParser.parse(document))
                .isInstanceOf(InvalidConfigException.class)
                .message()
                .startsWith(message.substring(0, 18));
    }

    @Test
    void aLimitOfNoTokensNeedsNoBurst() {
        var denied = DOCUMENT.replace("\"tokens\": 100", "\"tokens\": 0").replace("\"burst\": 150", "\"burst\": 0");

        assertThat(LimiterConfigParser.parse(denied)
                        .candidate()
                        .orElseThrow()
                        .limits()
                        .getFirst()
                        .size()
                        .orElseThrow()
                        .tokens())
                .isZero();
    }

    private static String withLimit(String limit) {
        return DOCUMENT.replaceAll("(?s)\\{\"name\": \"api\".*?150}", limit);
    }

    private static Limit limitOf(String document) {
        return LimiterConfigParser.parse(document)
                .candidate()
                .orElseThrow()
                .limits()
                .getFirst();
    }

    @Test
    void readsCostsAndTiers() {
        var limit = limitOf(withLimit("""
                {"name": "api", "tokens": 100, "periodMillis": 60000, "burst": 150, "cost": 2,
                 "costs": [{"match": {"path": "/api/export"}, "cost": 50}, {"match": {"methods": ["HEAD"]}, "cost": 0}],
                 "tiers": [{"claim": {"name": "plan", "value": "gold"}, "tokens": 1000, "burst": 1500},
                           {"header": {"name": "X-Plan", "value": "internal"}, "unlimited": true},
                           {"claim": {"name": "plan", "value": "banned"}, "tokens": 0, "burst": 0}]}
                """));

        var longest = Duration.ofSeconds(90);
        assertThat(limit)
                .isEqualTo(new Limit(
                        "api",
                        LimitMatch.ANY,
                        Optional.of(new BucketSize(100, Duration.ofMinutes(1), 150, 50, longest)),
                        List.of(
                                new Tier(
                                        new Tier.Mark.Claim("plan", "gold"),
                                        Optional.of(new BucketSize(1000, Duration.ofMinutes(1), 1500, 50, longest))),
                                new Tier(new Tier.Mark.Header("X-Plan", "internal"), Optional.empty()),
                                new Tier(
                                        new Tier.Mark.Claim("plan", "banned"),
                                        Optional.of(new BucketSize(0, Duration.ofMinutes(1), 0, 50, longest)))),
                        2,
                        List.of(
                                new RequestCost(
                                        new LimitMatch(
                                                Optional.of("/api/export"), Optional.empty(), Set.of(), Map.of()),
                                        50),
                                new RequestCost(
                                        new LimitMatch(Optional.empty(), Optional.empty(), Set.of("HEAD"), Map.of()),
                                        0))));
    }

    @Test
    void refusesATierByAValueThatNoClaimIsKeptWith() {
        var tier =
                "\"burst\": 150, \"tiers\": [{\"claim\": {\"name\": \"a\", \"value\": \"LONG\"}, \"unlimited\": true}]";

        assertThatThrownBy(() -> LimiterConfigParser.parse(
                        DOCUMENT.replace("\"burst\": 150", tier.replace("LONG", "x".repeat(129)))))
                .hasMessage("candidate.limits[0].tiers[0].claim.value: must be at most 128 characters, has 129");
    }

    @Test
    void anUnlimitedLimitNeedsNoPeriod() {
        assertThat(limitOf(withLimit("{\"name\": \"api\", \"unlimited\": true}"))
                        .size())
                .isEmpty();
    }

    @Test
    void refusesTiersThatNobodyIsBelievedToBeIn() {
        var tiers = "\"burst\": 150, \"tiers\": [{\"WHO\": {\"name\": \"a\", \"value\": \"b\"}, \"unlimited\": true}]";
        var believingNobody = DOCUMENT.replaceAll("(?s)\"jwt\": .*?56", "\"ipv6Prefix\": 56");

        assertThatThrownBy(() -> LimiterConfigParser.parse(
                        believingNobody.replace("\"burst\": 150", tiers.replace("WHO", "claim"))))
                .hasMessage(
                        "candidate.limits[0].tiers[0].claim: is believed from verified tokens only; give identity.jwt");
        assertThatThrownBy(() -> LimiterConfigParser.parse(
                        believingNobody.replace("\"burst\": 150", tiers.replace("WHO", "header"))))
                .hasMessage("candidate.limits[0].tiers[0].header: is believed from trusted proxies only;"
                        + " name at least one network in identity.trustedProxies");
    }
}
