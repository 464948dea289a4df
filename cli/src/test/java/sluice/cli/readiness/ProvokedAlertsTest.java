package sluice.cli.readiness;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who adds an alert adds the trouble that it is about, and who renames a test renames it here. */
class ProvokedAlertsTest {
    private static final Path ROOT = Path.of("..");

    static Iterable<String> alerts() {
        return ProvokedAlerts.TESTS.keySet();
    }

    @Test
    void hasATestOfEachAlertOfTheChart() {
        assertThat(ProvokedAlerts.alerts(new Evidence(Copies.SOURCES)))
                .containsExactlyElementsOf(ProvokedAlerts.TESTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void theTestIsThereAndNamesTheAlert(String alert) throws IOException {
        Proof.Tested test = requireNonNull(ProvokedAlerts.TESTS.get(alert));
        String source = Files.readString(ROOT.resolve(test.module())
                .resolve("src/test/java/%s.java".formatted(test.type().replace('.', '/'))));

        assertThat(source).contains("\"" + alert + "\"");
        assertThat(test.methods()).allSatisfy(method -> assertThat(source).contains("void " + method + "("));
    }
}
