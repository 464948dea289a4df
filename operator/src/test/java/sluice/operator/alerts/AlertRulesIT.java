package sluice.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prometheus's own tool reads the rules and runs their tests, and the tests see what is wrong with a rule. */
class AlertRulesIT {

    private static final Pattern THRESHOLD = Pattern.compile("(?m)^( +> )(0\\.\\d+)$");

    private Program promtool = new Program("promtool");

    @BeforeEach
    void lookForIt() {
        promtool = Program.installed("promtool");
    }

    static Stream<Path> tests() {
        return AlertFiles.testFiles().stream();
    }

    @Test
    void canBeLoadedByPrometheus() throws Exception {
        for (var file : AlertFiles.ruleFiles()) {
            assertThat(promtool.succeed(AlertFiles.FOLDER, "check", "rules", file.toString()))
                    .contains("SUCCESS");
        }
    }

    @ParameterizedTest
    @MethodSource("tests")
    void fireWhenTheyShouldAndNotWhenTheyShouldNot(Path test) throws Exception {
        promtool.succeed(AlertFiles.FOLDER, "test", "rules", test.toString());
    }

    /** A rule that fires sooner, and one that fires at less: both must be noticed. */
    @Test
    void areTestedSoThatAnotherTimeOrThresholdIsNoticed(@TempDir Path folder) throws Exception {
        var rules = Files.readString(AlertFiles.FOLDER.resolve("rules.yaml"));
        var test = Files.createDirectory(folder.resolve("tests")).resolve("limiter.yaml");
        Files.copy(AlertFiles.FOLDER.resolve("tests/limiter.yaml"), test);

        assertThat(passes(folder, test, rules)).isTrue();
        assertThat(passes(folder, test, rules.replace("for: 5m", "for: 2m"))).isFalse();
        assertThat(passes(folder, test, rules.replace("for: 1m", "for: 0m"))).isFalse();
        assertThat(passes(folder, test, THRESHOLD.matcher(rules).replaceAll("$1$2 * 0.99")))
                .isFalse();
    }

    private boolean passes(Path folder, Path test, String rules) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("rules.yaml"), rules);
        return promtool.run(folder, "test", "rules", test.toString()).good();
    }
}
