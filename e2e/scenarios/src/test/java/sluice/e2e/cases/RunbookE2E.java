package sluice.e2e.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.e2e.cluster.App;
import sluice.e2e.cluster.Operators;
import sluice.e2e.load.Load;
import sluice.e2e.story.Afterwards;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Stage;

/** Every command of the runbook, typed as it stands there by somebody who is on call for the demonstration. */
@Order(14)
class RunbookE2E {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
    // A name alone, such as kubectl rlr, is nothing to be typed.
    private static final Pattern INLINE =
            Pattern.compile("`((?:kubectl|amtool|promtool|curl) (?!rlr(?: [a-z-]+)?`)[^`\n]+)`");
    private static final Pattern QUERY = Pattern.compile("`((?:sum|rate|max|count)[ (][^`\n]+)`");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** What changes something, by a part of its text, in an order in which each finds something to change. */
    private static final List<String> CHANGES = List.of(
            " rlr pause ",
            " rlr resume ",
            " rlr abort ",
            " annotate --overwrite ",
            " rlr retry ",
            "\"enabled\":true",
            "\"enabled\":false",
            " rollout restart ",
            " patch secret ");
    /** Then the rest, which only looks: there has been a rollback to be seen. */
    private static final String BEFORE_LOOKING = " rlr abort ";

    private final Stage stage = TestCluster.stage();

    @TempDir
    private Path folder = Path.of("");

    private final List<String> typed = new ArrayList<>();

    private static String page() throws IOException {
        return Files.readString(TestCluster.scripts().root().resolve("docs/ONCALL_RUNBOOK.md"));
    }

    private static List<String> commands() throws IOException {
        var blocks =
                BLOCK.matcher(page()).results().flatMap(block -> block.group(1).lines());
        var inline = INLINE.matcher(page()).results().map(command -> command.group(1));
        return Stream.concat(blocks, inline).distinct().toList();
    }

    @Test
    void everyCommandDoesSomething() throws Exception {
        var commands = commands();
        var onCall = new OnCall();
        Load load = TestCluster.load(TestCluster.RATE);
        try (onCall;
                Afterwards _ = load::stop) {
            // For its Alertmanager.
            onCall.begin();
            int mark =
                    stage.apply(TestCluster.manifest().withLimit(64, "1m", 64).withHolds("1h", "1m"));
            stage.awaitSidecars(mark);
            stage.history()
                    .await("weight 10", mark, PATIENCE, rollout -> rollout.isCurrent() && rollout.weight() == 10);
            for (var change : CHANGES) {
                for (var command : commands) {
                    if (command.contains(change)) {
                        type(command);
                    }
                }
                if (change.equals(BEFORE_LOOKING)) {
                    stage.history().await("RolledBack", mark, PATIENCE, rollout -> rollout.is("RolledBack"));
                    look(commands);
                }
            }
            putItBack();
        }
        assertThat(typed).containsExactlyInAnyOrderElementsOf(commands);
    }

    private void look(List<String> commands) throws IOException, InterruptedException {
        for (var command : commands) {
            if (CHANGES.stream().noneMatch(command::contains)) {
                type(command);
            }
        }
    }

    private void type(String command) throws IOException, InterruptedException {
        var here = TestCluster.environment();
        var said = Files.createTempFile(folder, "said", ".txt");
        var bash = new ProcessBuilder(
                        "bash",
                        "-ec",
                        command.replace(
                                        "http://prometheus.monitoring.svc:9090",
                                        here.prometheus().toString())
                                .replace(
                                        "alertmanager.monitoring.svc:9093",
                                        here.prometheus().getHost() + ":9093")
                                .replace(
                                        "https://scholarship.example",
                                        here.waf().toString())
                                .replace("7baef6170fa57ffc6b1c93dcb52f46ac", requestId()))
                .directory(folder.toFile())
                .redirectOutput(said.toFile());
        var errors = Files.createTempFile(folder, "errors", ".txt");
        bash.redirectError(errors.toFile());
        Map<String, String> variables = bash.environment();
        variables.put("CURL_CA_BUNDLE", here.wafAuthority().toString());
        variables.merge(
                "PATH",
                TestCluster.scripts().root().resolve("cli/target/dist/bin").toString(),
                (path, plugin) -> plugin + ":" + path);
        var process = bash.start();
        if (!process.waitFor(PATIENCE)) {
            process.destroyForcibly();
        }
        int code = process.waitFor();
        assertThat(code).as("%s: %s", command, Files.readString(errors)).isZero();
        if (!mayFindNothing(command)) {
            assertThat(Files.readString(said)).as(command).isNotBlank();
        }
        typed.add(command);
    }

    /** What looks for trouble, of which there need be none, and what writes into a file, which others read. */
    private static boolean mayFindNothing(String command) {
        return command.contains("> sidecars.log")
                || (command.contains("select(") && !command.contains(".request_id =="));
    }

    private String requestId() throws IOException {
        var log = folder.resolve("sidecars.log");
        if (!Files.exists(log)) {
            return "none";
        }
        try (var lines = Files.lines(log)) {
            return lines.flatMap(line -> Pattern.compile("\"request_id\":\"([^\"]+)\"")
                            .matcher(line)
                            .results())
                    .map(id -> id.group(1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** New pods with a sidecar, and a certificate in the Secret that was emptied. */
    private void putItBack() {
        Patience.until("another certificate", PATIENCE, () -> {
            var data = TestCluster.client()
                    .secrets()
                    .inNamespace(Operators.NAMESPACE)
                    .withName("sluice-certs")
                    .get()
                    .getData();
            return data != null && data.containsKey("tls.crt");
        });
        Patience.until("every pod of " + App.NAME, PATIENCE, () -> stage.app().isWhole(Readiness::isPodReady));
    }

    @Test
    void everyQueryIsUnderstood() throws IOException {
        var queries =
                QUERY.matcher(page()).results().map(query -> query.group(1)).toList();
        assertThat(queries)
                .isNotEmpty()
                .allSatisfy(query -> assertThat(Http.prometheus()
                                .get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8), "nobody")
                                .statusCode())
                        .isEqualTo(200));
    }
}
