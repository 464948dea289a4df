package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The runbook's commands that need no cluster, typed into a shell: beside a log of sidecars, at a real Alertmanager, and at a server. */
class RunbookCommandsIT {

    @TempDir
    private Path folder;

    private Program bash = new Program("bash");

    @BeforeEach
    void bringTheLog() throws IOException {
        bash = Program.installed("bash");
        Program.installed("jq");
        try (InputStream log = Objects.requireNonNull(
                RunbookCommandsIT.class.getResourceAsStream("/alerts/sidecars.jsonl"), "sidecars.jsonl is missing")) {
            Files.copy(log, folder.resolve("sidecars.log"));
        }
    }

    static Stream<String> onTheLog() {
        return Runbook.commands().filter(command -> command.startsWith("grep "));
    }

    static Stream<String> onTheCluster() {
        return Runbook.commands().filter(command -> !command.startsWith("grep "));
    }

    private static String only(String program) {
        var found = Runbook.commands()
                .filter(command -> command.startsWith(program + " "))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private String type(String command) throws IOException, InterruptedException {
        return bash.succeed(folder, "-o", "pipefail", "-ec", command);
    }

    private static String startingWith(String text) {
        return Runbook.commands()
                .filter(command -> command.contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command with " + text));
    }

    @ParameterizedTest
    @MethodSource("onTheLog")
    void findsWhatItLooksForInTheLog(String command) throws Exception {
        assertThat(type(command)).isNotBlank().doesNotContain("error");
    }

    @ParameterizedTest
    @MethodSource("onTheCluster")
    void canBeReadByAShell(String command) throws Exception {
        bash.succeed(folder, "-n", "-c", command);
        assertThat(command).matches("(kubectl|amtool|curl|for pod in \\$\\(kubectl) .*");
    }

    @Test
    void silencesWhatSomebodyIsWorkingOn() throws Exception {
        Program.installed("amtool");
        Program.installed("prometheus-alertmanager");
        try (var alertmanager = AlertmanagerProcess.start(folder, URI.create("http://127.0.0.1:1/"))) {
            await().atMost(Duration.ofSeconds(60)).until(alertmanager::isReady);
            var typed = only("amtool").replace("alertmanager.monitoring.svc:9093", alertmanager.address());
            assertThat(type(typed)).matches("[0-9a-f-]{36}\n");
            assertThat(type("amtool silence query --alertmanager.url=http://" + alertmanager.address()))
                    .contains("rollout=\"scholarship-api\"", "INC-1: looking");
        }
    }

    @Test
    void triesTheServiceByHand() throws Exception {
        Program.installed("curl");
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/healthz", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            var here = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(type(only("curl").replace("https://scholarship.example", here)))
                    .isEqualTo("200\n");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void asksPrometheusWhatItCanRead() throws Exception {
        Program.installed("promtool");
        var queries = Runbook.queries().toList();
        assertThat(queries).isNotEmpty();
        for (var query : queries) {
            Files.writeString(
                    folder.resolve("query.yaml"),
                    "groups: [{name: q, rules: [{record: q, expr: '%s'}]}]\n".formatted(query));
            type("promtool check rules query.yaml");
        }
    }

    @Test
    void tellsWhichPathsFailWhoIsLimitedAndHowSlowItIs() throws Exception {
        assertThat(type(startingWith(">= 500"))).isEqualToIgnoringWhitespace("1 502 GET /api/courses");
        assertThat(type(startingWith("\"throttle\""))).isEqualToIgnoringWhitespace("1 ip:0123456789abcdef");
        assertThat(type(startingWith("auth_result"))).isEqualToIgnoringWhitespace("1 missing /login");
        assertThat(type(startingWith("waf_rule"))).isEqualToIgnoringWhitespace("1 942100 /search");
        assertThat(type(startingWith("sort_by"))).startsWith("12.001 ms r-2 GET /api/courses\n");
        assertThat(type(startingWith("group_by")))
                .contains("candidate\t4.774\t12.001\t12.001", "stable\t3.1\t3.1\t3.1");
        assertThat(type(startingWith("-v REQUEST_LOG"))).contains("WARN Redis cannot be asked");
    }
}
