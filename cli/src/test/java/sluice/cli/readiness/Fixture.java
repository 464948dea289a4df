package sluice.cli.readiness;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;

/** The evidence of a run in which everything went well, for a test to spoil. Invented, and small. */
final class Fixture {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What a picture without any data is drawn from. */
    static final String NO_SAMPLES =
            "{\"from\": \"2026-01-01T12:00:00Z\", \"to\": \"2026-01-01T12:20:00Z\", \"step\": 5, \"moments\": [], \"series\": []}";

    private static final String ALERTS = """
            {"rules": [{"name": "SluiceRedisDown", "group": "sluice-limiter", "query": "sluice_redis_up == 0"}], "alerts": []}""";

    private static final String SAMPLES = """
            time,signal,scope,value,missing
            2026-01-01T12:08:00Z,Requests,service,80.0,
            2026-01-01T12:08:00Z,ErrorRatio,service,0.004,
            2026-01-01T12:08:10Z,ErrorRatio,candidate,,"no requests"
            """;

    private final SortedMap<String, byte[]> files = new TreeMap<>();

    private Fixture() {}

    static Fixture allWell() {
        Fixture fixture = new Fixture()
                .with("run.json", """
                        {"commit": "%s", "changed": false, "sidecar": "5ca1ab1e0000", "startedAt": "2026-01-01T12:00:00Z", "finishedAt": "2026-01-01T12:20:00Z",
                         "command": "./demo --report", "rate": 80, "exit": 0}""".formatted(COMMIT))
                .with("story.txt", """
                        12:04:00  the smoke suite has run as a hook: 13 of 13 passed
                        12:08:00  the smoke suite has run as a hook: 13 of 13 passed
                        """)
                .with("smoke/after-deployment.txt", "13 of 13 passed\n")
                .with("smoke/after-rollback.txt", "13 of 13 passed\n")
                .with("demo.json", demo())
                .with(TestReports.FILE, tests())
                .with(Proof.Requested.FILE, requests())
                .with(Proof.Attacked.FILE, attacked(""))
                .with(MonitoringItems.SYNTHETICS, synthetics())
                .with(PaperItems.RESOURCE, resource("Promoted"))
                .with("rollout/past.json", "{}")
                .with("rollout/alerts.json", ALERTS)
                .with("rollout/synthetics.json", "{\"checks\": [{\"check\": \"public-health\", \"success\": true}]}")
                .with("rollout/samples/attempt.csv", SAMPLES)
                .with("rollout/samples/01-Promote.csv", SAMPLES)
                .with(
                        PaperItems.TOLD,
                        told("5xx 0%, P50 2 ms, P95 9 ms, P99 20 ms, auth failures 0%, throttled 0%, 80 requests/s"))
                .with(Soak.FILE, soak());
        PaperItems.DEFINITIONS.forEach(path -> fixture.with(path, "kind: Some\n"));
        fixture.files.putAll(Copies.SOURCES);
        Dashboards.all()
                .forEach(dashboard -> fixture.with(MonitoringItems.samples(dashboard.uid()), samples(dashboard)));
        List.of("promtool", "amtool", "gitleaks", "images", "injection")
                .forEach(name -> fixture.command(name, 0, "SUCCESS\n"));
        List.of("burst", "sustained", "burst-fallback", "fallback", "burst-without", "without")
                .forEach(name -> fixture.load(name, 800, 0, 0, 40));
        return fixture;
    }

    Fixture with(String path, String text) {
        files.put(path, text.getBytes(UTF_8));
        return this;
    }

    Fixture without(String path) {
        if (files.remove(path) == null) {
            throw new IllegalArgumentException("there is no " + path);
        }
        return this;
    }

    Fixture missing(String name, String why) {
        return with(Evidence.MISSING, "{\"name\": \"%s\", \"why\": \"%s\"}\n".formatted(name, why));
    }

    Fixture command(String name, int exit, String output) {
        return with(CommandRun.file(name), "{\"command\": \"%s\", \"exit\": %d}".formatted(name, exit))
                .with(CommandRun.output(name), output);
    }

    Fixture load(String name, int rate, int failed, int throttled, int p95) {
        return with("load/" + name + ".json", """
                {"rate": %d, "planned_seconds": %s, "requests": 10000, "failed": %d, "throttled": %d, "p95_ms": %d, "p99_ms": 90,
                 "cores": 2, "processor_seconds": {"machine": 20.5, "sidecars": 6.25, "compilers": 3},
                 "seconds": [{"at": "2026-01-01T12:15:00Z", "requests": %d, "failed": 0, "throttled": 0, "p95_ms": %d},
                             {"at": "2026-01-01T12:15:01Z", "requests": %d, "failed": 0, "throttled": 0, "p95_ms": %d}]}""".formatted(
                        rate, 10_000.0 / rate, failed, throttled, p95, rate, p95, rate, p95));
    }

    Evidence evidence() {
        return new Evidence(files);
    }

    ReadinessPackage made() {
        return new ReadinessPackage(evidence());
    }

    static String attacked(String letThrough) {
        return """
                {"rules": "3.3.4", "kinds": [{"kind": "XSS", "sent": 90, "answers": {"403": 90}, "let_through": [%s]},
                 {"kind": "SQLI", "sent": 10, "answers": {"403": 9, "400": 1}, "let_through": []}], "not_sent": ["933110-3"]}""".formatted(letThrough);
    }

    static String resource(String phase) {
        return """
                {"apiVersion": "sluice.dev/v1alpha1", "kind": "RateLimitRollout", "metadata": {"name": "api", "namespace": "apps"},
                 "spec": {"targetRef": {"name": "api"},
                          "limiter": {"backend": "Memory", "limits": [{"name": "all", "tokens": 10, "per": "1s"}]},
                          "strategy": {"observe": "1m", "steps": [{"weight": 100, "hold": "2m"}]}},
                 "status": {"phase": "%s",
                            "decisions": [{"at": "2026-01-01T12:10:00Z", "name": "Promote", "reason": "StepsCompleted", "weight": 100}],
                            "snapshots": [{"at": "2026-01-01T12:10:00Z", "weight": 10}]}}""".formatted(phase);
    }

    /** Each query has had one value. */
    static String samples(Dashboard dashboard) {
        return dashboard
                .panels()
                .flatMap(panel -> panel.queries().stream())
                .map(query -> JsonNodeFactory.instance
                        .objectNode()
                        .put("query", query.legend() + ": " + query.promql())
                        .put("name", query.legend())
                        .set("values", JsonNodeFactory.instance.arrayNode().add(0.5)))
                .map(Object::toString)
                .collect(Collectors.joining(",", NO_SAMPLES.replace("]}", ""), "]}"));
    }

    private static String demo() {
        return """
                {"promotion": {"failedRequests": 0, "totalRequests": 8390, "steps": [{"weight": 10, "observedShare": 0.11, "users": 1662}]},
                 "rollbacks": [%s],
                 "redisOutage": {"failedRequests": 0, "memoryDecisions": 485, "warnLines": 2}}""".formatted(
                DemoItems.SIGNALS.stream().map(signal -> rollback(signal, 161)).collect(Collectors.joining(", ")));
    }

    static String rollback(String signal, int lastAck) {
        return """
                {"signal": "%s", "firstBreachingSample": "2026-01-01T12:05:00Z", "breachToDecisionMs": 8310, "commitToLastAckMs": %d,
                 "candidateRequestsAfterLastAck": 0, "failedRequestsNotInjected": 0}""".formatted(signal, lastAck);
    }

    /** A report that has each test of the security statement and of the alerts once, passed. */
    private static String tests() {
        String classes = Stream.concat(
                        SecurityChecks.ALL.stream()
                                .flatMap(check -> check.proofs().stream())
                                .filter(Proof.Tested.class::isInstance)
                                .map(Proof.Tested.class::cast),
                        ProvokedAlerts.TESTS.values().stream())
                .collect(Collectors.groupingBy(
                        Proof.Tested::type,
                        TreeMap::new,
                        Collectors.flatMapping(
                                tested -> tested.methods().isEmpty()
                                        ? List.of("some").stream()
                                        : tested.methods().stream(),
                                Collectors.toCollection(TreeSet::new))))
                .entrySet()
                .stream()
                .map(type -> "\"%s\": {%s}"
                        .formatted(
                                type.getKey(),
                                type.getValue().stream()
                                        .map(method -> "\"%s\": {\"passed\": 1, \"failed\": 0, \"skipped\": 0}"
                                                .formatted(method))
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining(",\n"));
        return """
                {"commit": "%s", "changed": false, "failed": 0, "layers": ["unit", "mock", "api", "cluster"], "classes": {%s}}""".formatted(COMMIT, classes);
    }

    private static String requests() {
        return SecurityChecks.ALL.stream()
                .flatMap(check -> check.proofs().stream())
                .filter(Proof.Requested.class::isInstance)
                .map(proof -> ((Proof.Requested) proof).kind())
                .map(kind -> "{\"kind\": \"%s\", \"name\": \"a request\", \"expected\": \"403\", \"got\": \"403\"}"
                        .formatted(kind))
                .collect(Collectors.joining(",\n", "[", "]"));
    }

    /** A decision, and a message that has this line. */
    static String told(String line) {
        return """
                [{"status": 200, "channel": "#oncall", "text": "apps/api: first step: weight 10"},
                 {"status": 200, "channel": "#oncall", "text": "apps/api: Progressing at weight 10\\n%s"}]""".formatted(line);
    }

    static String synthetics() {
        return Stream.of("public-health", "auth-required", "student-flow", "provider-flow")
                .map("{\"check\": \"%s\", \"success\": true}"::formatted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    static String soak() {
        return soak(
                "sluice-redis",
                IntStream.rangeClosed(1, 20)
                        .mapToObj(minute -> "{\"minute\": %d, \"rss_mib\": %d, \"failed\": 0}"
                                .formatted(minute, minute == 1 ? 90 : 100))
                        .collect(Collectors.joining(", ")));
    }

    static String soak(String name, String minutes) {
        return """
                {"measurements": {"soak": {"commit": "0123456789ab", "sidecar": "5ca1ab1e0000", "minutes": 20, "series": {"%s": [%s]}}}}""".formatted(name, minutes);
    }
}
