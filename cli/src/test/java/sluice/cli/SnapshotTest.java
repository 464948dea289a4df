package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a rollout, as they were kept and as a Prometheus has them now. */
class SnapshotTest {
    private static final String ONE = """
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1767225600,"1"]}]}}""";
    private static final String STATUS = """
              sidecars: {desired: 3, injected: 3, connected: 3, inSync: 3}
              signals:
              - {name: ErrorRatio, scope: candidate, value: "0.004", threshold: "0.01", verdict: Healthy}
              - {name: LatencyP95, scope: service, threshold: "0.5", verdict: Unknown}
            """;

    @TempDir
    private Path folder = Path.of("");

    private Run snapshot(FakeCluster cluster, String... more) {
        var all = new ArrayList<>(List.of("snapshot", "api", "--kubeconfig", cluster.kubeconfig()));
        all.addAll(List.of(more));
        return Run.of(all.toArray(String[]::new));
    }

    /** The fake cluster is a Prometheus too. */
    private static String prometheus(FakeCluster cluster) throws IOException {
        return Files.readString(Path.of(cluster.kubeconfig())).replaceFirst("(?s).*server: '([^']*)'.*", "$1");
    }

    @Test
    void printsTheLastOneThatWasKept() throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)) {
            var run = snapshot(cluster);
            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            assertThat(run.out()).isEqualTo("""
                    apps/api: Baking at weight 100, 2026-01-01T00:05:10.000Z
                    5xx 4%, P50 20 ms, P95 80 ms, P99 250 ms, auth failures 0.6%, throttled 0%, 100 requests/s, backend Memory
                    ErrorRatio (candidate) 0.04 of 0.01, -300% left""");
            assertThat(new JsonMapper()
                            .readTree(snapshot(cluster, "-o", "json").out())
                            .path("latencyP99")
                            .asText())
                    .isEqualTo("0.25");
        }
    }

    @Test
    void takesOneNowAndSaysWhoCountsInMemory() throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK + STATUS).serving("/api/v1/query", ONE)) {
            var run = snapshot(cluster, "--prometheus", prometheus(cluster));
            assertThat(run.err()).isEmpty();
            assertThat(run.out().lines().skip(1))
                    .containsExactly(
                            "5xx 100%, P50 1000 ms, P95 1000 ms, P99 1000 ms, auth failures 100%, throttled 100%, 1 requests/s, backend Memory (1 of 3 sidecars in fallback)",
                            "ErrorRatio (candidate) 0.004 of 0.01, 60% left", "LatencyP95 (service) ? of 0.5");
            var json = new JsonMapper()
                    .readTree(snapshot(cluster, "--prometheus", prometheus(cluster), "-o", "json")
                            .out());
            assertThat(json.path("phase").asText()).isEqualTo("RolledBack");
            assertThat(json.path("fallback").asInt()).isEqualTo(1);
            assertThat(json.path("sidecars").asInt()).isEqualTo(3);
            assertThat(json.at("/margins/0/left").asText()).isEqualTo("60%");
        }
    }

    @Test
    void saysWhyThereIsNone() throws IOException {
        var without = SavedRollout.ROLLED_BACK.replaceFirst("(?s)  snapshots:.*?  history:", "  history:");
        try (var cluster = new FakeCluster(folder, without)) {
            assertThat(snapshot(cluster)).satisfies(run -> {
                assertThat(run.code()).isEqualTo(ExitCode.FAILED);
                assertThat(run.err()).startsWith("kubectl-rlr: apps/api keeps no snapshot; name a Prometheus");
            });
            assertThat(snapshot(cluster, "--prometheus", "http://127.0.0.1:1")).satisfies(run -> {
                assertThat(run.code()).isEqualTo(ExitCode.FAILED);
                assertThat(run.err()).startsWith("kubectl-rlr: --prometheus: ");
            });
        }
    }
}
