package sluice.limiter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus's own tool finds nothing to say of the metrics, and can read the queries of docs/metrics.md. */
class PromtoolIT {

    @TempDir
    private Path folder;

    @BeforeEach
    void lookForIt() {
        var found = Arrays.stream(requireNonNull(System.getenv("PATH")).split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "promtool")));
        assumeTrue(found, "promtool is not in PATH; e2e/cluster/packages installs it");
    }

    private String promtool(String input, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var said = Files.readString(folder.resolve("said"));
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @Test
    void hasNothingToSayOfTheMetrics() throws Exception {
        try (var sidecar = new RunningSidecar(folder, "{}")) {
            sidecar.get("X-Request-Id: r-1");
            assertThat(promtool(sidecar.metrics("*/*"), "check", "metrics")).isBlank();
        }
    }

    @Test
    void readsTheQueriesOfThePage() throws Exception {
        var rules = new StringBuilder("groups:\n- name: page\n  rules:\n");
        MetricsPage.queries()
                .forEach(query -> rules.append("  - record: page:query\n    expr: '")
                        .append(query.replace("'", "''"))
                        .append("'\n    labels: {n: \"")
                        .append(rules.length())
                        .append("\"}\n"));
        var file = Files.writeString(folder.resolve("rules.yaml"), rules);
        assertThat(promtool("", "check", "rules", file.toString())).contains("SUCCESS");
    }
}
