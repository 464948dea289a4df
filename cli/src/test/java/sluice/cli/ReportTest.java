package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.cli.report.KeptReport;

/** The folder of a rollout that went back, from a saved resource and from a cluster with logs. */
class ReportTest {
    @TempDir
    private Path folder = Path.of("");

    private Run report(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("report", "--out", folder.resolve("out").toString()));
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }

    private String saved(String text) throws IOException {
        return Files.writeString(folder.resolve("saved.yaml"), text).toString();
    }

    private String file(String path) throws IOException {
        return Files.readString(folder.resolve("out").resolve(path));
    }

    @Test
    void tellsOfARollbackFromASavedResourceAlone() throws IOException {
        var run = report("-f", saved(SavedRollout.ROLLED_BACK));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                apps/api: Rolled back from weight 100
                  NOT_RUN Decisions: the resource was read from a file, not from a cluster; status has the newest 24 decisions, one rollback and its limiters
                  NOT_RUN Signals: no --prometheus was given
                  NOT_RUN Logs: the resource was read from a file, not from a cluster
                  NOT_RUN Alerts: no --prometheus was given
                  NOT_RUN Synthetics: no --prometheus was given
                10 files in %s; begin with index.html""".formatted(folder.resolve("out")));
        assertThat(file("index.html"))
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains(">Rolled back from weight 100<", "ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s")
                .contains("every sidecar was back 320 ms later (Acknowledged)")
                .contains("promote@3f9a0c12de/alice")
                .contains("backend: &quot;Off&quot; -&gt; &quot;Memory&quot;", "limits[all].tokens: (absent) -&gt; 10")
                .contains(">80 ms<", ">250 ms<", "ErrorRatio (candidate) -300%")
                .contains("<b>NOT_RUN</b>: no --prometheus was given")
                .doesNotContain("http://", "https://", "<script", "src=");
    }

    @Test
    void theManifestHasEveryFileAndTheResourceNothingThatIsNotOurs() throws IOException {
        report("-f", saved(SavedRollout.ROLLED_BACK));

        var manifest = new JsonMapper().readTree(file("manifest.json"));
        assertThat(manifest.path("files").findValuesAsText("path"))
                .containsExactly(
                        "definitions.json",
                        "index.html",
                        "limiters/3f9a0c12de.json",
                        "limiters/off.json",
                        "past.json",
                        "resource.json",
                        "rollback.json",
                        "snapshots.json",
                        "timeline.json");
        assertThat(manifest.path("notRun").valueStream().map(JsonNode::asText))
                .contains("Signals: no --prometheus was given", "Alerts: no --prometheus was given");
        assertThat(file("resource.json"))
                .contains("sluice.dev/command")
                .doesNotContain("managedFields", "last-applied", "hunter2");
        var definitions = new JsonMapper().readTree(file("definitions.json"));
        assertThat(definitions.at("/stopLoss/rules").findValuesAsText("signal")).contains("ErrorRatio", "LatencyP95");
    }

    @Test
    void isWrittenAgainFromWhatItHasKept() throws IOException {
        report("-f", saved(SavedRollout.ROLLED_BACK));
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (var all = Files.walk(folder.resolve("out"))) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.resolve("out").relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        SortedMap<String, byte[]> kept = new TreeMap<>(files);
        kept.put("index.html", new byte[0]);
        kept.remove("timeline.json");

        assertThat(KeptReport.writtenAgain(kept)).containsExactlyEntriesOf(files);
    }

    @Test
    void endsWithAFailureWhereEverythingIsWanted() throws IOException {
        assertThat(report("-f", saved(SavedRollout.ROLLED_BACK), "--complete").code())
                .isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("out/index.html")).exists();
    }

    @Test
    void aPrometheusThatCannotBeReachedIsSaidToBe() throws IOException {
        var run = report("-f", saved(SavedRollout.ROLLED_BACK), "--prometheus", "http://me:hunter2@127.0.0.1:1");
        assertThat(run.out())
                .contains("NOT_RUN Signals: Prometheus cannot be reached")
                .contains("NOT_RUN Alerts: Prometheus cannot be reached")
                .contains("NOT_RUN Synthetics: Prometheus cannot be reached")
                .doesNotContain("hunter2");
        assertThat(file("index.html")).doesNotContain("hunter2", "127.0.0.1");
    }

    @Test
    void severalRolloutsHaveAPageOfContents() throws IOException {
        var other = new YAMLMapper().readTree(SavedRollout.ROLLED_BACK);
        ((ObjectNode) other.path("metadata")).put("name", "index.html");
        ((ObjectNode) other).remove("status");
        var run = report("-f", saved(SavedRollout.ROLLED_BACK + "---\n" + other));
        assertThat(run.out()).contains("apps/index.html: Not begun");
        assertThat(file("index.html"))
                .contains("href=\"rollouts/api/index.html\"", "href=\"rollouts/index.html/index.html\"");
        assertThat(file("rollouts/api/index.html")).contains("Rolled back from weight 100");
    }

    @Test
    void readsTheLogsAroundTheRollback() throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/pods", pods("apps", "api-1", "sluice.dev/limiter", "api.01234567"))
                .serving("/api/v1/namespaces/apps/pods/api-1", "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"api-1\"}}")
                .serving("/api/v1/namespaces/apps/pods/api-1/log", """
                        {"type":"REQUEST_LOG","ts":"2026-01-01T00:05:59.000Z","path":"/api/x","status_code":503,"arm":"candidate","authorization":"hunter2"}
                        {"type":"REQUEST_LOG","ts":"2026-01-01T00:04:00.000Z","path":"/long/before","status_code":503}
                        {"type":"LOG","ts":"2026-01-01T00:01:30.000Z","message":"Redis cannot be asked"}
                        {"type":"LOG","ts":"2026-01-01T00:00:30.000Z","message":"started"}
                        no line of ours
                        {"type":"LOG","ts":"2026-01-01T00:06:00.100Z","message":"took up epoch 9"}
                        {"type":"LOG","ts":"2026-01-01T00:11:00.100Z","message":"long after"}
                        """)
                .serving("/api/v1/namespaces/ops/pods", pods("ops", "sluice-1", "app.kubernetes.io/name", "sluice"))
                .serving(
                        "/api/v1/namespaces/ops/pods/sluice-1",
                        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"sluice-1\"}}")
                .serving("/api/v1/namespaces/ops/pods/sluice-1/log", """
                        {"type":"LOG","ts":"2026-01-01T00:06:00.005Z","message":"it went back","rollout":"apps/api"}
                        {"type":"LOG","ts":"2026-01-01T00:06:00.006Z","message":"not yours","rollout":"others/api"}
                        """)) {
            var run = report("--rollout", "api", "--kubeconfig", cluster.kubeconfig(), "--operator-namespace", "ops");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).doesNotContain("NOT_RUN Logs");
            assertThat(cluster.asked)
                    .filteredOn(each -> each.startsWith("/api/v1/namespaces/apps/pods/api-1/log"))
                    .singleElement()
                    .satisfies(each -> assertThat(each).contains("sinceTime=2026-01-01T00:01:00Z"));
        }
        assertThat(file("logs/limiter-api-1.ndjson"))
                .contains("/api/x", "Redis cannot be asked", "took up epoch 9")
                .doesNotContain("/long/before", "started", "long after", "no line of ours", "hunter2");
        assertThat(file("logs/operator-sluice-1.ndjson"))
                .contains("it went back")
                .doesNotContain("not yours");
        assertThat(file("index.html")).contains("/api/x");
    }

    /** An attempt that status has forgotten, as an operator has kept it and somebody has edited it. */
    private static final String EVIDENCE = """
            {"decisions": [
               {"at": "2025-12-01T00:00:10.000Z", "name": "Inject", "reason": "Accepted", "message": "<script>", "revision": "00000000aa"},
               {"at": "2025-12-01T00:09:00.000Z", "name": "RollBack", "reason": "LatencyP95", "message": "too slow", "revision": "00000000aa", "weight": 0}],
             "rollbacks": [{"stable": "off", "rollback":
               {"revision": "00000000aa", "message": "LatencyP95 was 2, token=hunter2", "decidedAt": "2025-12-01T00:09:00.000Z"}}],
             "revisions": [
               {"revision": "00000000aa", "limiter": "{\\"backend\\":\\"Redis\\"}", "spec": {"strategy": {"observe": "3m"}}},
               {"revision": "../escape", "limiter": "{}"}],
             "droppedUntil": "2025-11-01T00:00:00.000Z"}""";

    private static String configMap(String evidence) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .<ObjectNode>set(
                        "metadata", JsonNodeFactory.instance.objectNode().put("name", "api-evidence"))
                .<ObjectNode>set("data", JsonNodeFactory.instance.objectNode().put("evidence.json", evidence))
                .toString();
    }

    @Test
    void tellsOfAnAttemptThatStatusHasForgotten() throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/configmaps/api-evidence", configMap(EVIDENCE))) {
            var run = report("--rollout", "api", "--kubeconfig", cluster.kubeconfig());
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).doesNotContain("NOT_RUN Decisions");
        }
        var timeline = new JsonMapper().readTree(file("timeline.json"));
        assertThat(timeline.path("decisions").findValuesAsText("name"))
                .containsExactly("Inject", "RollBack", "Inject", "Start", "Advance", "RollBack", "FinishRollBack");
        assertThat(timeline.path("droppedUntil").asText()).isEqualTo("2025-11-01T00:00:00.000Z");
        var earlier = new JsonMapper().readTree(file("rollbacks.json")).at("/rollbacks/0");
        assertThat(earlier.at("/rollback/decidedAt").asText()).isEqualTo("2025-12-01T00:09:00.000Z");
        assertThat(earlier.path("limiterDiff")).hasToString("""
                ["backend: \\"Off\\" -> \\"Redis\\""]""");
        assertThat(file("limiters/00000000aa.json")).contains("Redis");
        assertThat(file("resources/00000000aa.json")).contains("observe");
        assertThat(file("index.html"))
                .contains("of what was up to 2025-11-01T00:00:00.000Z not all is here", "Earlier rollbacks", "too slow")
                .contains("limits[all].tokens: (absent) -&gt; 10")
                .doesNotContain("<script", "hunter2", "escape");
    }

    @Test
    void theDiffOfTheLastRollbackOutlastsTheNextAttempt() throws IOException {
        var resource = (ObjectNode) new YAMLMapper().readTree(SavedRollout.ROLLED_BACK);
        var status = (ObjectNode) resource.path("status");
        status.put("phase", "Observing");
        ((ObjectNode) status.path("candidate")).put("revision", "1111111111").put("limiter", "{}");
        assertThat(report("-f", saved(resource.toString())).out()).contains("limiter diff: the limiter of revision");

        var evidence = """
                {"rollbacks": [{"stable": "off", "rollback": {"revision": "3f9a0c12de", "decidedAt": "2026-01-01T00:06:00.000Z"}}],
                 "revisions": [{"revision": "3f9a0c12de", "limiter": "{\\"backend\\":\\"Memory\\"}"}]}""";
        try (var cluster = new FakeCluster(folder, resource.toString())
                .serving("/api/v1/namespaces/apps/configmaps/api-evidence", configMap(evidence))) {
            assertThat(report("--rollout", "api", "--kubeconfig", cluster.kubeconfig())
                            .out())
                    .doesNotContain("limiter diff");
        }
        assertThat(file("rollback.json")).contains("backend", "Memory", "limiterDiff");
    }

    @Test
    void evidenceThatIsNotThereOrNoneIsSaidToBe() throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)) {
            assertThat(report("--rollout", "api", "--kubeconfig", cluster.kubeconfig())
                            .out())
                    .contains("NOT_RUN Decisions: there is no ConfigMap api-evidence; status has");
        }
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/configmaps/api-evidence", configMap("[}"))) {
            assertThat(report("--rollout", "api", "--kubeconfig", cluster.kubeconfig())
                            .out())
                    .contains("NOT_RUN Decisions: the ConfigMap api-evidence cannot be read; status has");
        }
    }

    @Test
    void logsThatAreGoneAreSaidToBe() throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/pods", pods("apps", "api-1", "sluice.dev/limiter", "api.01234567"))) {
            var run = report("--rollout", "api", "--kubeconfig", cluster.kubeconfig());
            assertThat(run.out())
                    .contains("NOT_RUN Logs: sidecars: the log of pod api-1 cannot be read")
                    .contains(
                            "NOT_RUN Logs: operator: the pods of namespace sluice-system cannot be listed: the API server answered 404");
        }
    }

    @Test
    void readsWhatAFailedHookHasPrinted() throws IOException {
        var pods = """
                {"kind":"PodList","apiVersion":"v1","metadata":{},"items":[
                  {"metadata":{"namespace":"apps","name":"api-smoke-1","labels":{"sluice.dev/hook-of":"api"}},"status":{"phase":"Failed"}},
                  {"metadata":{"namespace":"apps","name":"api-smoke-2","labels":{"sluice.dev/hook-of":"api"}},"status":{"phase":"Succeeded"}},
                  {"metadata":{"namespace":"apps","name":"shop-smoke","labels":{"sluice.dev/hook-of":"shop"}},"status":{"phase":"Failed"}}]}""";
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/pods", pods)
                .serving(
                        "/api/v1/namespaces/apps/pods/api-smoke-1",
                        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"api-smoke-1\"}}")
                .serving("/api/v1/namespaces/apps/pods/api-smoke-1/log", """
                        GET /admin: 200, not 403
                        password=hunter2
                        -----BEGIN %1$s-----
                        MIIEhunter2
                        -----END %1$s-----
                        """.formatted("PRIVATE KEY"))) {
            report("--rollout", "api", "--kubeconfig", cluster.kubeconfig());
            // A bound on bytes would keep the beginning of these lines, and what has failed is at the end.
            assertThat(cluster.asked)
                    .filteredOn(each -> each.startsWith("/api/v1/namespaces/apps/pods/api-smoke-1/log"))
                    .singleElement()
                    .satisfies(
                            each -> assertThat(each).contains("tailLines=200").doesNotContain("limitBytes"));
        }
        assertThat(file("logs/hook-api-smoke-1.ndjson")).isEqualTo("""
                        {"line":"GET /admin: 200, not 403"}
                        {"line":"password=[redacted]"}
                        {"line":"[redacted]"}
                        """);
        assertThat(folder.resolve("out/logs/hook-api-smoke-2.ndjson")).doesNotExist();
        assertThat(folder.resolve("out/logs/hook-shop-smoke.ndjson")).doesNotExist();
    }

    @Test
    void keepsTheEndOfAHooksLinesWhenTheyAreTooLong() throws IOException {
        var log = "first\n" + ("x".repeat(20_000) + "\n").repeat(198) + "GET /admin: 200, not 403\n";
        var pods = """
                {"kind":"PodList","apiVersion":"v1","metadata":{},"items":[
                  {"metadata":{"namespace":"apps","name":"api-smoke-1","labels":{"sluice.dev/hook-of":"api"}},"status":{"phase":"Failed"}}]}""";
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/pods", pods)
                .serving(
                        "/api/v1/namespaces/apps/pods/api-smoke-1",
                        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"api-smoke-1\"}}")
                .serving("/api/v1/namespaces/apps/pods/api-smoke-1/log", log)) {
            report("--rollout", "api", "--kubeconfig", cluster.kubeconfig());
        }
        assertThat(file("logs/hook-api-smoke-1.ndjson"))
                .endsWith("{\"line\":\"GET /admin: 200, not 403\"}\n")
                .doesNotContain("first");
        assertThat(file("index.html")).contains(": 105 lines, from the last 2 MiB of what there was");
    }

    @Test
    void asksTheNewestPodsOfAHookThatWasTriedAgain() throws IOException {
        var pods = IntStream.rangeClosed(1, 6)
                .mapToObj(i -> """
                  {"metadata":{"namespace":"apps","name":"api-smoke-%d","labels":{"sluice.dev/hook-of":"api"},
                   "creationTimestamp":"2026-01-01T00:0%d:00Z"},"status":{"phase":"Failed"}}""".formatted(i, i))
                .collect(Collectors.joining(
                        ",", "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[", "]}"));
        try (var cluster =
                new FakeCluster(folder, SavedRollout.ROLLED_BACK).serving("/api/v1/namespaces/apps/pods", pods)) {
            assertThat(report("--rollout", "api", "--kubeconfig", cluster.kubeconfig())
                            .out())
                    .contains(
                            "hooks: the log of pod api-smoke-6 cannot be read",
                            "hooks: the log of pod api-smoke-2 cannot be read",
                            "hooks: 1 more pods were not asked")
                    .doesNotContain("api-smoke-1");
        }
    }

    @Test
    void findsTheRollbackBehindTheRequestsOfABusySidecar() throws IOException {
        var request =
                "{\"type\":\"REQUEST_LOG\",\"ts\":\"2026-01-01T00:0%s.000Z\",\"path\":\"%s\",\"status_code\":%d}\n";
        var log = request.formatted("5:40", "/before", 200).repeat(40_000)
                + request.formatted("5:59", "/fails", 503)
                + "{\"type\":\"LOG\",\"ts\":\"2026-01-01T00:06:00.100Z\",\"message\":\"took up epoch 9\"}\n";
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/pods", pods("apps", "api-1", "sluice.dev/limiter", "api.01234567"))
                .serving("/api/v1/namespaces/apps/pods/api-1", "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"api-1\"}}")
                .serving("/api/v1/namespaces/apps/pods/api-1/log", log)) {
            report("--rollout", "api", "--kubeconfig", cluster.kubeconfig());
        }
        assertThat(file("logs/limiter-api-1.ndjson"))
                .contains("/fails", "took up epoch 9")
                .doesNotContain("/before");
        assertThat(folder.resolve("out/logs/cut.json")).doesNotExist();
    }

    @Test
    void aLogIsCutByBytesAndNotByCharacters() throws IOException {
        // 64 MiB of bytes, as the API server cuts them: the last line is none.
        var line = "{\"type\":\"LOG\",\"ts\":\"2026-01-01T00:06:00.000Z\",\"message\":\"%s\"}\n";
        var first = line.formatted("é".repeat(1000));
        var torn = line.formatted("torn").substring(0, 60);
        var blanks = " ".repeat((64 << 20) - bytes(first) - bytes(torn) - 1) + "\n";
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/namespaces/apps/pods", pods("apps", "api-1", "sluice.dev/limiter", "api.01234567"))
                .serving("/api/v1/namespaces/apps/pods/api-1", "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"api-1\"}}")
                .serving("/api/v1/namespaces/apps/pods/api-1/log", first + blanks + torn)) {
            report("--rollout", "api", "--kubeconfig", cluster.kubeconfig());
        }
        assertThat(file("logs/cut.json")).contains("limiter-api-1");
        assertThat(file("index.html")).contains(": 1 lines, from the first 64 MiB of what there was");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String pods(String namespace, String name, String label, String value) {
        return """
                {"kind":"PodList","apiVersion":"v1","metadata":{},"items":[
                  {"metadata":{"namespace":"%s","name":"%s","labels":{"%s":"%s"}}}]}""".formatted(namespace, name, label, value);
    }

    @Test
    void refusesWhatItCannotUse() throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/mine.txt"), "mine");
        assertThat(report("-f", saved(SavedRollout.ROLLED_BACK)).err())
                .contains("--out: ")
                .contains("has mine.txt");
        Files.delete(folder.resolve("out/mine.txt"));
        assertThat(report("-f", saved(SavedRollout.ROLLED_BACK.replace("name: api,", "name: '../../api',")))
                        .err())
                .contains("metadata.name: must be lower-case letters");
        assertThat(report("-f", saved(SavedRollout.ROLLED_BACK), "--prometheus", "file:///etc/passwd")
                        .err())
                .contains("prometheus url is not http or https");
    }
}
