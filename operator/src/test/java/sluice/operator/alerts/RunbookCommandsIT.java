package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The runbook's commands that need no cluster, typed into a shell beside a log of sidecars; of the others that a shell can read them. */
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
        assertThat(command).matches("(kubectl|amtool) .*");
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
