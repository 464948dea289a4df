package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BacktestTest {
    private static final String RESOURCE = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata: {name: api, namespace: apps}
            spec: {targetRef: {name: api}, limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1s}]}}
            """;

    @TempDir
    Path folder;

    private Run backtest(String resource, String... arguments) throws IOException {
        var file = Files.writeString(folder.resolve("rollout.yaml"), resource).toString();
        var all = new ArrayList<>(List.of("backtest", "-f", file));
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --from=yesterday                                        | --from: 'yesterday' is not a time; use now, -24h or 2026-01-31T12:00:00Z
            --from=-1d                                              | --from: '-1d' is not a time
            --from=-1h --to=-2h                                     | --from: must be before --to, but
            --from=2020-01-01T00:00:00Z --to=2026-01-01T00:00:00Z   | take at most 500000
            --prometheus=file:///etc/passwd                         | --prometheus, --scrape-interval: prometheus url is not http or https
            --scrape-interval=0s                                    | scrapeInterval is not positive
            """)
    void saysWhichOptionIsWrong(String options, String message) throws IOException {
        var arguments = ("--prometheus=http://127.0.0.1:1 " + options).split(" ", -1);
        var run = backtest(RESOURCE, options.contains("--prometheus") ? options.split(" ", -1) : arguments);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void needsANamespace() throws IOException {
        var run = backtest(RESOURCE.replace(", namespace: apps", ""), "--prometheus=http://127.0.0.1:1");
        assertThat(run).isEqualTo(new Run(2, "", "kubectl-rlr: --namespace: the file names none; name it here"));
    }

    @Test
    void saysThatPrometheusCannotBeReached() throws IOException {
        var run = backtest(RESOURCE, "--prometheus=http://127.0.0.1:1");
        assertThat(run)
                .isEqualTo(
                        new Run(1, "", "kubectl-rlr: --prometheus: Prometheus cannot be reached; nothing can be said"));
    }
}
