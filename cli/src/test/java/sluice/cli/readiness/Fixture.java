package sluice.cli.readiness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The evidence of a run in which everything went well, for a test to spoil. Invented, and small. */
final class Fixture {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final SortedMap<String, byte[]> files = new TreeMap<>();

    private Fixture() {}

    static Fixture allWell() {
        Fixture fixture = new Fixture()
                .with("run.json", """
                        {"commit": "%s", "changed": false, "startedAt": "2026-01-01T12:00:00Z", "finishedAt": "2026-01-01T12:20:00Z",
                         "command": "./demo --report", "rate": 80, "exit": 0}""".formatted(COMMIT))
                .with("story.txt", "as promised\n")
                .with("demo.json", demo())
                .with(TestReports.FILE, tests())
                .with(Proof.Requested.FILE, requests())
                .with(MonitoringItems.SYNTHETICS, synthetics())
                .with(MonitoringItems.SILENT, "")
                .with(PaperItems.ROLLOUT, "<!DOCTYPE html>")
                .with(PaperItems.ROLLOUT_MANIFEST, "{\"notRun\": []}")
                .with(PaperItems.RESOURCE, "{\"status\": {\"phase\": \"Promoted\", \"snapshots\": [{\"weight\": 10}]}}")
                .with(
                        PaperItems.TOLD,
                        told("5xx 0%, P50 2 ms, P95 9 ms, P99 20 ms, auth failures 0%, throttled 0%, 80 requests/s"))
                .with(PaperItems.RUNBOOK, "# Runbook\n")
                .with(Soak.FILE, soak());
        PaperItems.DEFINITIONS.forEach(path -> fixture.with(path, "# of the chart\n"));
        fixture.with(
                MonitoringItems.CHECKS, "{\"checks\": [{\"name\": \"public-health\"}, {\"name\": \"auth-required\"}]}");
        for (String name : MonitoringItems.DASHBOARDS) {
            fixture.with("pictures/%s.svg".formatted(name), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
            fixture.with("definitions/dashboards/%s.json".formatted(name), "{}");
        }
        List.of("promtool", "amtool", "gitleaks", "images").forEach(name -> fixture.command(name, 0, "SUCCESS\n"));
        List.of("burst", "sustained", "fallback", "burst-without", "without")
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
        return with(LoadPhase.file(name), """
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

    /** A report that has each test of the security statement once, passed. */
    private static String tests() {
        String classes = SecurityChecks.ALL.stream()
                .flatMap(check -> check.proofs().stream())
                .filter(Proof.Tested.class::isInstance)
                .map(Proof.Tested.class::cast)
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
        return """
                [{"check": "public-health", "success": true}, {"check": "auth-required", "success": true}]""";
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
                {"measurements": {"soak": {"commit": "0123456789ab", "minutes": 20, "series": {"%s": [%s]}}}}""".formatted(name, minutes);
    }
}
