package sluice.limiter.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.Cidr;
import sluice.limiter.config.Enforcement;
import sluice.limiter.config.Fault;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.config.InvalidConfigException;
import sluice.limiter.config.JwtRules;
import sluice.limiter.config.LimitMatch;
import sluice.limiter.config.Limiter;
import sluice.limiter.config.LimiterBackend;
import sluice.limiter.config.Maintenance;
import sluice.limiter.config.RedisSettings;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.config.TokenKeySource;
import sluice.limiter.config.WafHeaders;
import sluice.limiter.proxy.ProxyTuning;

class SidecarFileParserTest {

    private static final String FILE = """
            name: checkout
            port: 8080
            adminPort: 9090
            upstream: 127.0.0.1:3000
            secrets: /run/secrets
            proxy:
              maxConnections: 500
              timeouts: {head: 5s, response: 1m30s}
            limiter:
              backend: Redis
              redis: {secretRef: {name: redis}, timeout: 15ms}
              limits:
              - name: api
                match: {pathPrefix: /api, methods: [GET], headers: {X-Plan: gold}}
                tokens: 100
                per: 1m
                burst: 150
              identity:
                user: {jwt: {jwksSecretRef: {name: auth-keys}, claim: email}}
                trustedProxies: [10.0.0.0/8]
                ipv6Prefix: 56
              exempt: {paths: [/healthz]}
              waf: {}
              enforcement: Shadow
            weight: 10
            candidate:
              backend: Memory
              limits: [{name: api, tokens: 10, per: 1s}]
            replicas: 3
            """;

    private static final String SMALL = """
            upstream: localhost:3000
            limiter:
              backend: Memory
              limits: [{name: api, tokens: 10, per: 1s}]
            """;

    private static List<String> faults(String text) {
        try {
            SidecarFileParser.parse(text);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.faults().stream().map(Fault::toString).toList();
        }
    }

    @Test
    void readsEverything() {
        var file = SidecarFileParser.parse(FILE);

        assertThat(file.fixed().port()).isEqualTo(8080);
        assertThat(file.fixed().adminPort()).isEqualTo(9090);
        assertThat(file.fixed().upstream()).isEqualTo("127.0.0.1:3000");
        assertThat(file.fixed().secrets()).isEqualTo("/run/secrets");
        assertThat(file.fixed().proxy().maxConnections()).isEqualTo(500);
        assertThat(file.fixed().proxy().timeouts().head()).isEqualTo(Duration.ofSeconds(5));
        assertThat(file.fixed().proxy().timeouts().response()).isEqualTo(Duration.ofSeconds(90));
        assertThat(file.fixed().proxy().timeouts().idle())
                .isEqualTo(ProxyTuning.DEFAULTS.timeouts().idle());
        assertThat(file.limits().rollout()).isEqualTo(new RolloutRef("standalone", "checkout", "checkout"));
        assertThat(file.limits().weight()).isEqualTo(10);
        assertThat(file.limits().replicas()).isEqualTo(3);
        assertThat(file.limits().deadManSwitch()).isEmpty();
    }

    @Test
    void readsALimiterAsItIsWrittenInTheCustomResource() {
        var limiter = SidecarFileParser.parse(FILE).limits().stable();

        assertThat(limiter.backend()).isEqualTo(LimiterBackend.REDIS);
        assertThat(limiter.redis()).contains(new RedisSettings("redis", Duration.ofMillis(15)));
        assertThat(limiter.limits()).singleElement().satisfies(limit -> {
            assertThat(limit.match())
                    .isEqualTo(new LimitMatch(
                            Optional.empty(), Optional.of("/api"), Set.of("GET"), Map.of("X-Plan", "gold")));
            assertThat(limit.size()).contains(new BucketSize(100, Duration.ofMinutes(1), 150, 1));
        });
        assertThat(limiter.identity())
                .isEqualTo(new IdentityRules(
                        Optional.empty(),
                        Optional.of(new JwtRules(
                                new TokenKeySource.Jwks("auth-keys"), "email", Optional.empty(), Optional.empty())),
                        List.of(Cidr.parse("10.0.0.0/8")),
                        56));
        assertThat(limiter.exemptPaths()).containsExactly("/healthz");
        assertThat(limiter.waf()).isEqualTo(new WafHeaders(Optional.of("X-WAF-Decision"), Optional.of("X-WAF-Rule")));
        assertThat(limiter.enforcement()).isEqualTo(Enforcement.SHADOW);
    }

    @Test
    void readsTiersAndCosts() {
        var limit = SidecarFileParser.parse("""
                        upstream: localhost:3000
                        limiter:
                          backend: Memory
                          limits:
                          - name: api
                            tokens: 10
                            per: 1s
                            cost: 2
                            costs: [{match: {methods: [POST]}, cost: 5}]
                            tiers:
                            - {header: {name: X-Plan, value: gold}, tokens: 100}
                            - {header: {name: X-Plan, value: staff}, unlimited: true}
                          identity: {trustedProxies: [10.0.0.0/8]}
                        """).limits().stable().limits().getFirst();

        assertThat(limit.cost()).isEqualTo(2);
        assertThat(limit.costs())
                .singleElement()
                .satisfies(cost -> assertThat(cost.tokens()).isEqualTo(5));
        assertThat(limit.tiers()).hasSize(2);
        assertThat(limit.tiers().getFirst().size().orElseThrow().burst()).isEqualTo(100);
        assertThat(limit.tiers().getLast().size()).isEmpty();
    }

    @Test
    void fillsInWhatMayBeAbsent() {
        var file = SidecarFileParser.parse(SMALL);

        assertThat(file.fixed())
                .isEqualTo(new SidecarFile.Fixed(15080, 15090, "localhost:3000", "secrets", ProxyTuning.DEFAULTS));
        assertThat(file.limits().rollout().name()).isEqualTo("sidecar");
        assertThat(file.limits().candidate()).isEmpty();
        assertThat(file.limits().replicas()).isEqualTo(1);
        assertThat(file.limits().stable().limits().getFirst().size())
                .contains(new BucketSize(10, Duration.ofSeconds(1), 10, 1));
        assertThat(file.limits().stable().identity()).isEqualTo(IdentityRules.CLIENT_ADDRESS);
    }

    @Test
    void closesTheServiceOnlyWhenToldTo() {
        assertThat(maintenance("maintenance: {enabled: true, retryAfter: 90s}\n"))
                .contains(new Maintenance(Duration.ofSeconds(90)));
        assertThat(maintenance("maintenance: {enabled: true}\n")).contains(new Maintenance(Duration.ofMinutes(5)));
        assertThat(maintenance("maintenance: {enabled: false, retryAfter: 90s}\n"))
                .isEmpty();
        assertThat(maintenance("")).isEmpty();
        assertThat(faults(SMALL + "maintenance: {retryAfter: 0s}\n"))
                .containsExactly(
                        "5:1: maintenance.enabled: is missing",
                        "5:15: maintenance.retryAfter: must be a duration such as 300ms, 10s or 1h30m, from 1s to 744h, is 0s");
        assertThat(faults(SMALL + "maintenance: {enabled: \"yes\"}\n"))
                .containsExactly("5:15: maintenance.enabled: must be true or false, is \"yes\"");
    }

    private static Optional<Maintenance> maintenance(String lines) {
        return SidecarFileParser.parse(SMALL + lines).limits().maintenance();
    }

    @Test
    void readsJsonToo() {
        var json = """
                {
                \t"upstream": "localhost:3000",
                \t"limiter": {"backend": "Memory", "limits": [{"name": "api", "tokens": 10, "per": "1s"}]}
                }
                """;

        assertThat(SidecarFileParser.parse(json)).isEqualTo(SidecarFileParser.parse(SMALL));
    }

    @Test
    void namesALimiterByWhatItSaysAndNotByHow() {
        var turned = SMALL.replace("{name: api, tokens: 10, per: 1s}", "{per: \"1s\", tokens: 10, name: api}");
        var other = SMALL.replace("tokens: 10", "tokens: 11");

        assertThat(revision(turned)).isEqualTo(revision(SMALL)).matches("[0-9a-f]{10}");
        assertThat(revision(other)).isNotEqualTo(revision(SMALL));
    }

    private static String revision(String text) {
        return SidecarFileParser.parse(text).limits().stable().revision();
    }

    @Test
    void passesEverythingThroughWhenToldTo() {
        var file = SidecarFileParser.parse("""
                upstream: localhost:3000
                limiter: {backend: "Off"}
                weight: 50
                candidate:
                  backend: Memory
                  limits: [{name: api, tokens: 10, per: 1s}]
                  identity: {trustedProxies: [10.0.0.0/8]}
                """);

        assertThat(file.limits().stable()).isEqualTo(Limiter.OFF);
        assertThat(file.limits().armIdentity().trustedProxies()).containsExactly(Cidr.parse("10.0.0.0/8"));
    }

    @Test
    void staysOpenForHealthChecksAndBelievesTheSameProxiesWhileItIsOff() {
        var limits = SidecarFileParser.parse(FILE.replace("backend: Redis", "backend: Off")
                        .replaceFirst("\n +redis: .*", "")
                        .concat("maintenance: {enabled: true}\n"))
                .limits();

        assertThat(limits.stable().backend()).isEqualTo(LimiterBackend.OFF);
        assertThat(limits.stable().revision()).isEqualTo("off");
        assertThat(limits.stable().limits()).isEmpty();
        assertThat(limits.exempts("/healthz")).isTrue();
        assertThat(limits.stable().identity())
                .isEqualTo(SidecarFileParser.parse(FILE).limits().stable().identity());
        assertThat(limits.armIdentity()).isEqualTo(limits.stable().identity());
    }

    @Test
    void namesEverythingThatIsWrongInTheOrderOfTheLines() {
        assertThat(faults("""
                        port: eighty
                        adminPort: 70000
                        limiter:
                          backend: redis
                          limits:
                          - name: a/b
                            tokens: -1
                            per: soon
                            burst: 0
                            colour: red
                          identity:
                            user: {header: X-User-Id}
                        replicas: 0
                        weight: 10
                        """))
                .containsExactly(
                        "upstream: is missing",
                        "1:1: port: must be a whole number, is \"eighty\"",
                        "2:1: adminPort: must be at most 65535, is 70000",
                        "4:3: limiter.backend: must be Off, Memory or Redis",
                        "6:5: limiter.limits[0].name: must be 1 to 63 letters, digits, dots, dashes or underscores,"
                                + " a letter or digit first",
                        "7:5: limiter.limits[0].tokens: must be at least 0, is -1",
                        "8:5: limiter.limits[0].per: must be a duration such as 300ms, 10s or 1h30m, from 1ms to 8784h, is"
                                + " soon",
                        "9:5: limiter.limits[0].burst: must be at least 1, is 0",
                        "10:5: limiter.limits[0].colour: is not a known field; remove it, or use a sidecar that knows it (this"
                                + " one knows burst, cost, costs, match, name, per, tiers, tokens, unlimited)",
                        "11:3: limiter.identity: user.header is believed from trusted proxies only; name at least one"
                                + " network, such as 10.0.0.0/8, in identity.trustedProxies",
                        "13:1: replicas: must be at least 1, is 0",
                        "14:1: weight: needs a candidate to give the callers to; add one, or remove weight");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            upstream: 127.0.0.1:3000 | upstream: http://app:3000 | 4:1: upstream: must be host:port, such as 127.0.0.1:8080 or [::1]:8080, is http://app:3000
            upstream: 127.0.0.1:3000 | upstream: app:70000  | 4:1: upstream: must be host:port, such as 127.0.0.1:8080 or [::1]:8080, is app:70000
            upstream: 127.0.0.1:3000 | upstream: "[:::]:80" | 4:1: upstream: must be host:port, such as 127.0.0.1:8080 or [::1]:8080, is [:::]:80
            upstream: 127.0.0.1:3000 | upstream: a..b:80    | 4:1: upstream: must be host:port, such as 127.0.0.1:8080 or [::1]:8080, is a..b:80
            upstream: 127.0.0.1:3000 | upstream: 127.0.0:80 | 4:1: upstream: must be host:port, such as 127.0.0.1:8080 or [::1]:8080, is 127.0.0:80
            name: checkout    | name: a/b            | 1:1: name: must be 1 to 253 letters, digits, dots or dashes, is a/b
            adminPort: 9090   | adminPort: 8080      | 3:1: adminPort: must be another port than port, is 8080
            adminPort: 9090   | port: 8081           | 3:1: port: is there twice; keep one
            head: 5s          | head: 5              | 8:14: proxy.timeouts.head: must be a text that is not empty, is 5
            head: 5s          | head: 25h            | 8:14: proxy.timeouts.head: must be a duration such as 300ms, 10s or 1h30m, from 1ms to 24h, is 25h
            maxConnections: 500 | maxConnections: 0  | 7:3: proxy.maxConnections: must be at least 1, is 0
            timeout: 15ms     | timeout: 0ms         | 11:37: limiter.redis.timeout: must be a duration such as 300ms, 10s or 1h30m, from 1ms to 10s, is 0ms
            name: redis}      | name: ../redis}      | 11:23: limiter.redis.secretRef.name: must be the name of a Secret: lower-case letters, digits, dots and dashes, a letter or digit first
            backend: Memory   | backend: Redis       | 26:1: candidate.redis: is missing; the backend Redis needs it
            burst: 150        | burst: 150.5         | 17:5: limiter.limits[0].burst: must be a whole number, is 150.5
            burst: 150        | burst: 0x96          | 17:5: limiter.limits[0].burst: must be a whole number, is "0x96"
            {jwt:             | {header: X-U, jwt:   | 19:25: limiter.identity.user.jwt: must be given, or header, and not both
            trustedProxies: [10.0.0.0/8] | trustedProxies: [10.0.0.0/8, ten] | 20:34: limiter.identity.trustedProxies[1]: must be a network such as 10.0.0.0/8 or 2001:db8::/32, is ten
            trustedProxies: [10.0.0.0/8] | trustedProxies: [] | 23:3: limiter.waf: a verdict is believed from trusted proxies only; add the firewall's network to identity.trustedProxies
            backend: Redis    | backend: Memory      | 11:3: limiter.redis: is for the backend Redis; remove it, or set backend: Redis
            pathPrefix: /api  | pathPrefix: /api//v1 | 14:13: limiter.limits[0].match.pathPrefix: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /api//v1
            pathPrefix: /api  | path: /api/../v1     | 14:13: limiter.limits[0].match.path: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /api/../v1
            pathPrefix: /api  | path: "/api?v=1"     | 14:13: limiter.limits[0].match.path: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /api?v=1
            pathPrefix: /api  | pathPrefix: /api, path: /v1 | 14:13: limiter.limits[0].match.pathPrefix: must be absent when path is given; keep one
            methods: [GET]    | methods: [GET, post] | 14:31: limiter.limits[0].match.methods: must be HTTP methods in upper case, such as GET or POST, has post
            methods: [GET]    | methods: [GET, TRACE] | 14:31: limiter.limits[0].match.methods: must not have TRACE, which is answered with 405 before any limit
            X-Plan: gold      | X-Plan: gold, x-plan: red | 14:71: limiter.limits[0].match.headers.x-plan: is X-Plan again, in other letters; keep one
            X-Plan: gold      | "X Plan": gold       | 14:57: limiter.limits[0].match.headers.X Plan: must be an HTTP header name, such as X-Client, is X Plan
            burst: 150        | cost: 101            | 13:5: limiter.limits[0].burst: must be at least the largest cost of the limit, 101, is 100, as many as tokens; give it
            burst: 150        | costs: [{cost: 0, match: {path: a}}] | 17:31: limiter.limits[0].costs[0].match.path: must start with /, is a
            burst: 150        | costs: [{cost: 0, match: {path: /.}}] | 17:31: limiter.limits[0].costs[0].match.path: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /.
            burst: 150        | tiers: [{header: {name: "a:b", value: c}, tokens: 1}] | 17:23: limiter.limits[0].tiers[0].header.name: must be an HTTP header name, such as X-Client, is a:b
            [10.0.0.0/8]      | [10.0.0.0/8, "::/0"] | 20:34: limiter.identity.trustedProxies[1]: must not be every address, for every caller could choose its own then; name the proxies' networks
            paths: [/healthz] | paths: [healthz]     | 22:20: limiter.exempt.paths[0]: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is healthz
            pathPrefix: /api  | path: /my%20docs     | 14:13: limiter.limits[0].match.path: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /my%20docs
            pathPrefix: /api  | path: "/api "        | `14:13: limiter.limits[0].match.path: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /api `
            pathPrefix: /api  | pathPrefix: /a/..;b=1/c | 14:13: limiter.limits[0].match.pathPrefix: must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /a/..;b=1/c
            X-Plan: gold      | X-Plan: " gold"      | 14:57: limiter.limits[0].match.headers.X-Plan: must be a value that a header can have: no blank at an end, no control character, none beyond Latin-1, is  gold
            X-Plan: gold      | X-Plan: "gold€"  | 14:57: limiter.limits[0].match.headers.X-Plan: must be a value that a header can have: no blank at an end, no control character, none beyond Latin-1, is gold€
            burst: 150        | tiers: [{header: {name: X-Plan, value: "gold "}, tokens: 1}] | `17:37: limiter.limits[0].tiers[0].header.value: must be a value that a header can have: no blank at an end, no control character, none beyond Latin-1, is gold `
            burst: 150        | tiers: [{claim: {name: exp, value: "1"}, tokens: 1}] | 17:22: limiter.limits[0].tiers[0].claim.name: must be a claim that says something of the caller, not of one token, is exp
            claim: email      | claim: jti           | 19:52: limiter.identity.user.jwt.claim: must be a claim that says something of the caller, not of one token, is jti
            waf: {}           | waf: {ruleHeader: "X WAF"} | 23:9: limiter.waf.ruleHeader: must be an HTTP header name, such as X-Client, is X WAF
            paths: [/healthz] | paths: /healthz      | 22:12: limiter.exempt.paths: must be a list
            limits: [{name: api, tokens: 10, per: 1s}] | limits: [] | 28:3: candidate.limits: must have at least one limit, or backend must be Off
            weight: 10        | # no weight          | weight: is missing
            """)
    void refusesByLineAndNameAndSaysWhatWouldBeRight(String text, String instead, String message) {
        assertThat(FILE).contains(text);

        assertThat(faults(FILE.replace(text, instead))).containsExactly(message);
    }

    @Test
    void refusesAPathOfThousandsOfSegments() {
        assertThat(faults(FILE.replace("pathPrefix: /api", "pathPrefix: " + "/a".repeat(20_000))))
                .containsExactly(
                        "14:13: limiter.limits[0].match.pathPrefix: must have at most 1024 characters, has 40000");
    }

    @Test
    void takesPathsAndHeadersAsRequestsHaveThem() {
        var spelled = FILE.replace("pathPrefix: /api", "path: \"/my docs/ü/.well-known/100%;v=1\"")
                .replace("/healthz", "\"/health check/\"")
                .replace("X-Plan: gold", "X-Plan: \"très gold\"");

        assertThat(faults(spelled)).isEmpty();
    }

    @Test
    void namesTheEntryOfAListThatIsWrongWhateverIsBeforeIt() {
        assertThat(faults(FILE.replace("[10.0.0.0/8]", "[nonsense, 10.0.0.0/8, \"::/0\"]")))
                .containsExactly(
                        "20:22: limiter.identity.trustedProxies[0]: must be a network such as 10.0.0.0/8 or 2001:db8::/32, is"
                                + " nonsense",
                        "20:44: limiter.identity.trustedProxies[2]: must not be every address, for every caller could choose"
                                + " its own then; name the proxies' networks");
        assertThat(faults(FILE.replace("[/healthz]", "[5, /ok, \"/a//b\"]")))
                .containsExactly(
                        "22:20: limiter.exempt.paths[0]: must be a text that is not empty, is 5",
                        "22:28: limiter.exempt.paths[2]: must be a decoded, normalised path such as /api or '/my docs': a"
                                + " leading '/', no '//', '/./', '/../', '?', '#' or %20, and no space at the end, is /a//b");
    }

    @Test
    void namesWhatIsWrongBesideSomethingElseThatIs() {
        assertThat(faults(FILE.replace("tokens: 100", "tokens: -1").replace("burst: 150", "burst: 0")))
                .containsExactly(
                        "15:5: limiter.limits[0].tokens: must be at least 0, is -1",
                        "17:5: limiter.limits[0].burst: must be at least 1, is 0");
        assertThat(faults(FILE.replace("tokens: 100", "tokens: 0").replace("burst: 150", "burst: 0")))
                .isEmpty();
        assertThat(faults(SMALL + "weight: x\n"))
                .containsExactly(
                        "5:1: weight: must be a whole number, is \"x\"",
                        "5:1: weight: needs a candidate to give the callers to; add one, or remove weight");
    }

    @Test
    void saysOfABurstThatIsNotThereWhereItComesFrom() {
        assertThat(faults(SMALL.replace("tokens: 10, per: 1s", "tokens: 10000, per: 720h")))
                .containsExactly(
                        "4:12: limiter.limits[0].burst: must be at most 3474 for this period, is 10000, as many as"
                                + " tokens; give it");
        assertThat(faults(SMALL.replace("tokens: 10, per: 1s", "tokens: 10000, per: 720h, burst: 3475")))
                .containsExactly("4:50: limiter.limits[0].burst: must be at most 3474 for this period, is 3475");
    }

    @Test
    void takesEveryFormOfAnUpstream() {
        assertThat(List.of(
                        "app:80",
                        "my_app.shop.svc.cluster.local.:80",
                        "4app.a-b:80",
                        "[::1]:80",
                        "[fd00::10.0.0.1]:80"))
                .allSatisfy(upstream -> assertThat(faults(SMALL.replace("localhost:3000", '"' + upstream + '"')))
                        .isEmpty());
    }

    @Test
    void saysOneThingALineWhateverIsInTheFile() {
        assertThat(faults(SMALL + "\"a\\nb\\u2028\": 1\nname: \"x\\ry\"\n"))
                .containsExactly(
                        "5:1: a\\u000ab\\u2028: is not a known field; remove it, or use a sidecar that knows it (this one knows"
                                + " adminPort, candidate, limiter, maintenance, name, port, proxy, replicas, secrets, upstream,"
                                + " weight)",
                        "6:1: name: must be 1 to 253 letters, digits, dots or dashes, is x\\u000dy");
    }

    @Test
    void saysWhereTheFileIsNotYaml() {
        assertThatThrownBy(() -> SidecarFileParser.parse("port: 8080\nlimiter: [\n"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("3:1: (document): is not YAML: ");
        assertThatThrownBy(() -> SidecarFileParser.parse("port: 8080\n---\nport: 8081\n"))
                .hasMessageContaining("(document): is not YAML: ");
    }

    @Test
    void saysOfAnEmptyFileWhatItNeeds() {
        assertThat(faults("")).containsExactly("upstream: is missing", "limiter: is missing");
        assertThat(faults("- a list")).containsExactly("(document): must be an object");
    }

    @Test
    void endsWithAliasesThatGrowWithoutEnd() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 9; level++) {
            var before = "*a" + (level - 1) + ", ";
            bomb.append("a%d: &a%d [%s x]\n".formatted(level, level, before.repeat(10)));
        }
        assertThat(faults(bomb.toString())).singleElement().asString().contains("aliases");
        assertThat(faults("a: &a [*a]")).singleElement().asString().contains("(document): ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [          | 1:65
            {"a":      | 1:321
            {? [       | 1:129
            `- `       | 1:129
            """)
    void refusesWhatIsNestedTooDeepBeforeTheStackEnds(String opening, String where) {
        assertThat(faults(opening.repeat(20_000)))
                .containsExactly(
                        where
                                + ": (document): is nested too deep; no field needs more than 64 lists and objects in each other");
    }

    @Test
    void takesADocumentApartThatIsNestedNoDeeperThanIsAllowed() {
        assertThat(faults("[".repeat(64) + "]".repeat(64))).containsExactly("(document): must be an object");
    }
}
