package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever was woken must not be told that there is no such option. */
class RunbookTest {

    private static final Pattern TYPED = Pattern.compile("kubectl rlr ([a-z-]+ [^`\n]+)");

    static Stream<String> commands() throws IOException {
        var text = Files.readString(Path.of("..", "docs", "ONCALL_RUNBOOK.md"));
        return TYPED.matcher(text).results().map(command -> command.group(1)).distinct();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hasOnlyCommandsThatAreThere(String command) {
        var arguments = command.split(" ", -1);
        assertThat(Main.commandLine()
                        .parseArgs(arguments)
                        .subcommand()
                        .commandSpec()
                        .name())
                .isEqualTo(arguments[0]);
    }
}
