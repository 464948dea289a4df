package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever was woken must not be told that there is no such option: every line is typed, at a cluster that does as it is told. */
class RunbookTest {

    private static final Pattern TYPED = Pattern.compile("kubectl rlr ([a-z-]+ [^`\n]+)");
    private static final String ONE = """
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1767225600,"1"]}]}}""";

    @TempDir
    private Path folder = Path.of("");

    static Stream<String> commands() throws IOException {
        var text = Files.readString(Path.of("..", "docs", "ONCALL_RUNBOOK.md"));
        return TYPED.matcher(text).results().map(command -> command.group(1)).distinct();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hasOnlyCommandsThatDoSomething(String command) throws IOException {
        try (var cluster = new FakeCluster(folder, SavedRollout.ROLLED_BACK)
                .serving("/api/v1/query", ONE)
                .answering("Done", "as it was told")) {
            var run = Run.of(words(command, cluster).toArray(String[]::new));
            assertThat(run.err()).isEmpty();
            assertThat(run.code()).isZero();
            assertThat(run.out()).isNotBlank();
        }
    }

    /** The names are the demonstration's; the fake cluster is a Prometheus too. */
    private List<String> words(String command, FakeCluster cluster) throws IOException {
        var here = Files.readString(Path.of(cluster.kubeconfig())).replaceFirst("(?s).*server: '([^']*)'.*", "$1");
        var words = new ArrayList<>(List.of(command.replace(
                        "scholarship-api-report", folder.resolve("report").toString())
                .replace("scholarship-api", "api")
                .replace("http://prometheus.monitoring.svc:9090", here)
                .split(" ")));
        words.addAll(List.of("--kubeconfig", cluster.kubeconfig()));
        return words;
    }
}
