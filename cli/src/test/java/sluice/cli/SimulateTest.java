package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a rollout goes. */
class SimulateTest extends SimulatedRollout {

    @Test
    void aHealthyRolloutIsPromotedAfterItsHolds() throws IOException {
        var outcome = healthy().outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":250,\"weight\":100,\"signal\":null}");
        assertThat(first("Start").toString())
                .startsWith("{\"t\":10,\"phase\":\"Progressing\",\"weight\":10,\"step\":1,\"decision\":\"Start\"");
        assertThat(first("Advance").path("t").asInt()).isEqualTo(130);
    }

    @Test
    void aBreachThatLastsComesBackWithItsValueAndThreshold() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? 0.05 : 0)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":110,\"weight\":0,\"signal\":\"ErrorRatio\"}");
        var back = first("RollBack");
        assertThat(back.path("value").asDouble()).isEqualTo(0.05);
        assertThat(back.path("threshold").asDouble()).isEqualTo(0.01);
        assertThat(back.path("why").asText()).contains("0.05").contains("0.01");
    }

    @Test
    void oneGoodSampleInTheWindowIsEnoughToStay() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 && t % 50 != 0 ? 0.05 : 0)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText()).contains(">= 0.01"));
    }

    @Test
    void aServiceThatBreachesBeforeTheStartIsNotStarted() throws IOException {
        var outcome = errors("candidate", _ -> 0)
                .errors("service", t -> t < 200 ? 0.05 : 0)
                .outcome();
        assertThat(lines().getFirst().path("phase").asText()).isEqualTo("Pending");
        assertThat(lines().getFirst().path("why").asText()).contains("before anything was changed", "0.05");
        assertThat(first("Start").path("t").asInt()).isEqualTo(210);
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
    }

    @Test
    void commandsAreObeyedAtTheirTime() throws IOException {
        commands = "seconds,verb\n60,pause\n400,resume\n405,abort\n";
        var outcome = healthy().outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":410,\"weight\":0,\"signal\":\"Abort\"}");
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(60);
            assertThat(line.path("phase").asText()).isEqualTo("Paused");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0,pause      | InProgress | 600 | 0
            -5,pause     | InProgress | 600 | 0
            0,abort      | RolledBack | 0   | 0
            0,skip-hold  | Promoted   | 240 | 100
            """)
    void whatIsTypedAtTheStartIsAboutTheRolloutThatStarts(String typed, String outcome, int second, int weight)
            throws IOException {
        commands = typed + "\n";
        var end = healthy().outcome();
        assertThat(end.path("outcome").asText()).isEqualTo(outcome);
        assertThat(end.path("t").asInt()).isEqualTo(second);
        assertThat(end.path("weight").asInt()).isEqualTo(weight);
    }

    @Test
    void theSameInputGivesTheSameOutput() throws IOException {
        healthy().run();
        var once = out.toString();
        out.getBuffer().setLength(0);
        run();
        assertThat(out).hasToString(once);
    }

    @Test
    void whatDoesNothingIsSaidOnTheSide() throws IOException {
        healthy();
        samples.add("605,ErrorRatio,service,0");
        commands = "30,resume\n604.5,abort\n";
        assertThat(outcome().path("outcome").asText()).isEqualTo("Promoted");
        assertThat(err.toString().lines())
                .containsExactly(
                        "resume at second 30 is ignored: it is not paused",
                        "samples after second 600, the last evaluation, are not looked at",
                        "abort at second 604.5 comes after the last evaluation and does nothing");
    }

    @Test
    void whatIsAbortedWhileItWaitsIsNotStarted() throws IOException {
        errors("candidate", _ -> 0).errors("service", t -> t < 60 ? 0.5 : 0);
        commands = "5,abort\n";
        assertThat(outcome().path("outcome").asText()).isEqualTo("RolledBack");
        assertThat(out.toString()).doesNotContain("\"decision\":\"Start\"");
    }
}
