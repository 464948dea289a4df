package sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.cli.report.KeptReport;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.testing.RealApiServer;

/** A candidate that failed for five minutes, as a real API server and a real Prometheus have it. No pod ever runs, so there is no log. */
class ReportIT {
    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final String RULES = """
            groups:
            - name: sluice-rollouts
              rules:
              - alert: SluiceRolloutRolledBack
                expr: sluice_decisions_total < 0
                labels: {severity: warning}
                annotations: {summary: it went back}
            - name: as-an-exporter-would
              interval: 1s
              rules:
              - record: probe_success
                expr: vector(0)
                labels: {check: student-flow, instance: 'https://app/api/courses'}
              - record: probe_success
                expr: vector(1)
                labels: {instance: 'https://somebody-elses'}
            - name: somebody-elses
              rules:
              - alert: SomebodyElses
                expr: vector(1)
            """;

    @TempDir
    static Path folder = Path.of("");

    private static @Nullable RecordedPrometheus prometheus;
    private static Instant begin = Instant.EPOCH;
    private static String namespace = "";
    private static Path kubeconfig = Path.of("");

    @BeforeAll
    static void record() throws IOException {
        namespace = API.newNamespace("report");
        begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(4, ChronoUnit.HOURS);
        var service = new RecordedService(namespace, begin, Duration.ofMinutes(60))
                .candidate("3f9a0c12de", Duration.ofMinutes(20), Duration.ofMinutes(25))
                .failing(Duration.ofMinutes(39), Duration.ofMinutes(6));
        prometheus = RecordedPrometheus.with(folder, service.openMetrics(), RULES);
        requireNonNull(prometheus).awaitSeries("probe_success");
        store(Serialization.unmarshal(resource(), RateLimitRollout.class));
        kubeconfig = API.kubeconfig(folder, namespace);
    }

    private static void store(RateLimitRollout rollout) {
        rollout.getMetadata().setNamespace(namespace);
        var status = rollout.getStatus();
        API.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("api-evidence")
                        .endMetadata()
                        .addToData("evidence.json", """
                                {"decisions": [{"at": "%s", "name": "Promote", "reason": "HoldElapsed", "revision": "00000000aa"}]}""".formatted(at(4)))
                        .build())
                .create();
        var stored = API.client().resource(rollout).create();
        stored.setStatus(status);
        API.client().resource(stored).updateStatus();
    }

    /** The saved rollout, at the times and with the rules of this one. */
    private static String resource() {
        return SavedRollout.ROLLED_BACK
                .replace("namespace: apps, generation: 3, managedFields: [{manager: kubectl}],", "")
                .replace("2026-01-01T00:00:10.000Z", at(5))
                .replace("2026-01-01T00:01:30.000Z", at(20))
                .replace("2026-01-01T00:03:30.000Z", at(30))
                .replace("2026-01-01T00:05:00.000Z", at(39))
                .replace("2026-01-01T00:06:00.", at(44).substring(0, 20))
                .replace("2026-01-01T00:06:01.000Z", at(44))
                .replace("2026-01-01T00:06:30.000Z", at(50));
    }

    private static String at(int minutes) {
        return begin.plus(Duration.ofMinutes(minutes)).toString().replace("Z", ".000Z");
    }

    @AfterAll
    static void stop() {
        requireNonNull(prometheus).close();
    }

    private static SortedMap<String, String> report(String out) throws IOException {
        var run = Run.of(
                "report",
                "--out",
                folder.resolve(out).toString(),
                "--prometheus",
                requireNonNull(prometheus).url(),
                "--kubeconfig",
                kubeconfig.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("NOT_RUN Logs: sidecars: no such pod runs in namespace " + namespace)
                .doesNotContain("NOT_RUN Decisions", "NOT_RUN Signals", "NOT_RUN Alerts", "NOT_RUN Synthetics");
        SortedMap<String, String> files = new TreeMap<>();
        try (var all = Files.walk(folder.resolve(out))) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.resolve(out).relativize(path).toString(), Files.readString(path));
            }
        }
        return files;
    }

    @Test
    void theSameRolloutGivesTheSameBytesAndThePicturesShowWhatHappened() throws IOException {
        var files = report("one");
        assertThat(report("two")).isEqualTo(files);
        assertThat(writtenAgain(files)).isEqualTo(files);

        assertThat(files)
                .containsKeys(
                        "index.html",
                        "charts/attempt.svg",
                        "charts/01-Promote.svg",
                        "charts/05-RollBack.svg",
                        "samples/01-Promote.csv",
                        "samples/02-Inject.csv",
                        "samples/05-RollBack.csv",
                        "rollback.json",
                        "definitions.json");
        assertThat(files.get("index.html"))
                .contains(">stop-loss 1% for 5m<", ">gate 250 ms<", ">LatencyP95<", ">ThrottledRatio<")
                .doesNotContain("no data", "NaN", "127.0.0.1");
        assertThat(errors(requireNonNull(files.get("samples/05-RollBack.csv")), at(44)))
                .as("8 of 80 requests")
                .isEqualTo(0.1, within(0.001));
        assertThat(errors(requireNonNull(files.get("samples/04-Advance.csv")), at(30)))
                .isZero();
        var synthetics = new JsonMapper().readTree(files.get("synthetics.json"));
        assertThat(synthetics.path("checks")).hasToString("""
                [{"check":"student-flow","instance":"https://app/api/courses","success":false}]""");
        var alerts = new JsonMapper().readTree(files.get("alerts.json"));
        assertThat(alerts.path("rules").findValuesAsText("name")).containsExactly("SluiceRolloutRolledBack");
    }

    /** From its samples, without a Prometheus and without a cluster. */
    private static SortedMap<String, String> writtenAgain(SortedMap<String, String> files) {
        SortedMap<String, byte[]> kept = new TreeMap<>();
        files.forEach((path, text) -> kept.put(path, text.getBytes(UTF_8)));
        SortedMap<String, String> again = new TreeMap<>();
        KeptReport.writtenAgain(kept).forEach((path, bytes) -> again.put(path, new String(bytes, UTF_8)));
        return again;
    }

    private static double errors(String csv, String at) {
        var wanted = at.replace(".000Z", "Z") + ",ErrorRatio,candidate,";
        return List.of(csv.split("\n", -1)).stream()
                .filter(line -> line.startsWith(wanted))
                .map(line -> Double.parseDouble(line.split(",", -1)[3]))
                .findFirst()
                .orElseThrow();
    }
}
