package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be simulated, and what is said of it. */
class SimulateRefusalTest extends SimulatedRollout {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0,ErrorRatio,candidate     | samples.csv: line 2: has 3 columns
            x,ErrorRatio,candidate,0   | samples.csv: line 2: seconds must be a number, is 'x'
            0,Errors,candidate,0       | samples.csv: line 2: no such signal: Errors; known are [AuthFailures, ErrorRatio
            0,ErrorRatio,canary,0      | samples.csv: line 2: no such arm: canary; use candidate, stable or service
            0,ErrorRatio,candidate,big | samples.csv: line 2: value must be a number, is 'big'
            """)
    void saysWhereASampleIsWrong(String line, String message) throws IOException {
        samples.add(line);
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kind: RateLimitRollout | kind: Rollout        | kind must be RateLimitRollout
            observe: 10s           | observe: soon        | spec.strategy.observe: must be a duration
            "0.01"                 | "a lot"              | spec.stopLoss.rules[0].threshold: ErrorRatio and ThrottledRatio need a decimal
            interval: 10s          | intervall: 10s       | intervall
            """)
    void saysWhichFieldOfTheResourceIsWrong(String text, String instead, String message) throws IOException {
        resource = RESOURCE.replace(text, instead);
        assertThat(healthy().run()).isEqualTo(2);
        assertThat(err.toString()).contains("rollout.yaml").contains(message);
    }

    @Test
    void saysWhichCommandIsNone() throws IOException {
        commands = "60,halt\n";
        assertThat(healthy().run()).isEqualTo(2);
        assertThat(err.toString()).contains("commands.csv: line 1: no such verb: halt");
    }

    @Test
    void needsTheSamples() throws IOException {
        var line = Main.commandLine().setErr(new PrintWriter(err, true));
        assertThat(line.execute("simulate", "-f", written("rollout.yaml", resource)))
                .isEqualTo(2);
        assertThat(err.toString().toLowerCase(Locale.ROOT)).contains("--samples");
    }
}
