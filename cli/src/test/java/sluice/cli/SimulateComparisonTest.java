package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a candidate is compared with: the time before the start, and the stable arm. */
class SimulateComparisonTest extends SimulatedRollout {

    @Test
    void theBaselineIsWhatWasSeenBeforeTheStart() throws IOException {
        resource = RESOURCE.replace(
                "rules: [{signal: ErrorRatio, threshold: \"0.01\", for: 1m}]",
                "rules: [{signal: AuthFailures, timesBaseline: \"3\", minimum: \"0.005\", baselineWindow: 1h, for: 1m}]");
        var outcome = series("AuthFailures", "service", t -> t < 0 ? 0.01 : 0.02)
                .series("AuthFailures", "candidate", t -> t >= 60 ? 0.031 : 0.02)
                .outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("AuthFailures");
        assertThat(first("RollBack").path("threshold").asDouble()).isEqualTo(0.03);
    }

    @Test
    void theBaselineIsTheStableArmsWhereItWasRecorded() throws IOException {
        resource = RESOURCE.replace(
                "rules: [{signal: ErrorRatio, threshold: \"0.01\", for: 1m}]",
                "rules: [{signal: AuthFailures, timesBaseline: \"3\", minimum: \"0.005\", baselineWindow: 1h, for: 1m}]");
        series("AuthFailures", "stable", _ -> 0.01)
                .series("AuthFailures", "service", t -> t < 0 ? 0.015 : 0.02)
                .series("AuthFailures", "candidate", t -> t >= 60 ? 0.031 : 0.02)
                .outcome();
        assertThat(first("RollBack").path("threshold").asDouble()).isEqualTo(0.03);
    }

    private SimulatedRollout compared(String comparison) {
        resource = RESOURCE + "  comparison: " + comparison + "\n";
        return errors("stable", _ -> 0)
                .series("RequestRate", "stable", _ -> 9)
                .series("RequestRate", "candidate", _ -> 0.5);
    }

    @Test
    void aComparisonHoldsUntilThereAreEnoughRequests() throws IOException {
        var outcome = compared("{margin: \"0.05\"}").healthy().outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":390,\"weight\":100,\"signal\":null}");
        assertThat(first("Advance").path("t").asInt()).isEqualTo(200);
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(130);
            assertThat(line.path("why").asText())
                    .startsWith("candidate errors 0 of 60, stable 0 of 1080: not yet shown");
        });
    }

    @Test
    void aCandidateThatIsShownToBeWorseComesBackAtTheProgressDeadline() throws IOException {
        compared("{margin: \"0.05\"}").errors("candidate", _ -> 0.2).errors("service", _ -> 0.02);
        resource = resource.replace("\"0.01\"", "\"0.9\"")
                .replace("interval: 10s", "interval: 10s\n    progressDeadline: 2m");
        assertThat(outcome().toString())
                .isEqualTo(
                        "{\"outcome\":\"RolledBack\",\"t\":250,\"weight\":0,\"signal\":\"ProgressDeadlineExceeded\"}");
        assertThat(first("RollBack").path("why").asText()).contains("shown to be more than 0.05 worse");
    }

    @Test
    void aComparisonWithoutCountsIsSaidAndHolds() throws IOException {
        resource = RESOURCE + "  comparison: {}\n";
        assertThat(healthy().outcome().path("outcome").asText()).isEqualTo("InProgress");
        assertThat(err.toString()).contains("spec.comparison lets no step be left");
        assertThat(lines())
                .anySatisfy(line ->
                        assertThat(line.path("why").asText()).contains("there is no RequestRate or no ErrorRatio"));
    }
}
