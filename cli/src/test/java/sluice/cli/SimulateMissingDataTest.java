package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a rollout does while there are no samples. */
class SimulateMissingDataTest extends SimulatedRollout {

    @Test
    void startsOverOnlyWhenDataHaveBeenBackForAsLongAsTheyMustBeMissing() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 && t < 300 ? Double.NaN : 0)
                .errors("service", t -> t >= 60 && t < 300 ? Double.NaN : 0)
                .outcome();
        assertThat(first("RollBack").path("t").asInt()).isEqualTo(180);
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(300);
            assertThat(line.path("phase").asText()).isEqualTo("RolledBack");
            assertThat(line.path("why").asText()).contains("there since second 300", "starts over at second 420");
        });
        assertThat(first("StartOver").path("t").asInt()).isEqualTo(420);
        assertThat(outcome.path("outcome").asText()).isEqualTo("InProgress");
        assertThat(out.toString()).doesNotContain("2000-01-01");
    }

    @Test
    void missingSamplesHoldAndThenGoBack() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? Double.NaN : 0)
                .errors("service", t -> t >= 60 ? Double.NaN : 0)
                .series("RequestRate", "service", _ -> 10)
                .outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("NoData");
        assertThat(outcome.path("t").asInt()).isEqualTo(180);
    }

    @Test
    void aCandidateWhoseDataAreNotBackIsNotTriedAgain() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? Double.NaN : 0)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":180,\"weight\":0,\"signal\":\"NoData\"}");
    }

    @Test
    void whatBrokeAndFellSilentIsABrokenRule() throws IOException {
        var outcome = errors("candidate", t -> t < 60 ? 0 : t < 110 ? 0.5 : Double.NaN)
                .errors("service", _ -> 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":110,\"weight\":0,\"signal\":\"ErrorRatio\"}");
    }

    @Test
    void notANumberIsMissingToo() throws IOException {
        healthy();
        samples.replaceAll(line -> line.startsWith("60,") || line.startsWith("70,")
                ? line.substring(0, line.lastIndexOf(',')) + ",NaN"
                : line);
        outcome();
        assertThat(lines()).anySatisfy(line -> {
            assertThat(line.path("t").asInt()).isEqualTo(60);
            assertThat(line.path("decision").asText()).isEqualTo("Hold");
            assertThat(line.path("why").asText()).contains("no sample");
        });
    }

    @Test
    void anArmWithoutRequestsHoldsAsNoTraffic() throws IOException {
        var outcome = errors("candidate", t -> t >= 60 ? Double.NaN : 0)
                .errors("service", _ -> 0)
                .series("RequestRate", "candidate", t -> t >= 60 ? 0 : 10)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("InProgress");
    }

    @Test
    void anArmThatIsSometimesWithoutRequestsIsLeftLater() throws IOException {
        var outcome = healthy()
                .series("RequestRate", "candidate", t -> t % 60 == 0 ? 0 : 0.03)
                .outcome();
        // What ends at 60 and at 120 does not count for the two minutes.
        assertThat(first("Advance").path("t").asInt()).isEqualTo(150);
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
    }

    @Test
    void anArmWithoutRequestsUntilItHasAWeightLosesNothingOfItsHold() throws IOException {
        healthy().series("RequestRate", "candidate", t -> t <= 10 ? 0 : 10).outcome();
        assertThat(first("Start").path("t").asInt()).isEqualTo(10);
        assertThat(first("Advance").path("t").asInt()).isEqualTo(130);
    }
}
