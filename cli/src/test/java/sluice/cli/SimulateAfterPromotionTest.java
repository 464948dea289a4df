package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What still happens to a limiter that was promoted. */
class SimulateAfterPromotionTest extends SimulatedRollout {

    @ParameterizedTest
    @ValueSource(strings = {"service", "candidate"})
    void aPromotedLimiterStillComesBackWhenItBreaksARule(String arm) throws IOException {
        var outcome = errors("candidate", t -> t >= 400 && arm.equals("candidate") ? 0.05 : 0)
                .errors("service", t -> t >= 400 && arm.equals("service") ? 0.05 : 0)
                .outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":450,\"weight\":0,\"signal\":\"ErrorRatio\"}");
        assertThat(first("Promote").path("t").asInt()).isEqualTo(250);
        assertThat(first("RollBack").path("why").asText()).endsWith("back to revision off");
    }

    @ParameterizedTest
    @CsvSource({"0s,Promote,250", "2m,Disarm,370"})
    void aPromotedLimiterStaysOnceItIsNoLongerArmed(String time, String last, int at) throws IOException {
        resource = RESOURCE + "    armedAfterPromotion: " + time + "\n";
        var outcome = errors("candidate", t -> t >= 400 ? 0.05 : 0)
                .errors("service", t -> t >= 400 ? 0.05 : 0)
                .outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":250,\"weight\":100,\"signal\":null}");
        assertThat(first(last).path("t").asInt()).isEqualTo(at);
    }

    @Test
    void missingSamplesAfterThePromotionAreToldAndChangeNothing() throws IOException {
        var outcome = errors("candidate", t -> t >= 300 ? Double.NaN : 0)
                .errors("service", t -> t >= 300 ? Double.NaN : 0)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText()).contains("no sample of ErrorRatio"));
    }

    @Test
    void throttlingAfterThePromotionIsThatOfTheCandidateArmAndOnlyTold() throws IOException {
        resource = RESOURCE.replace(
                "signal: ErrorRatio, threshold: \"0.01\"", "signal: ThrottledRatio, threshold: \"0.05\"");
        var outcome = series("ThrottledRatio", "candidate", t -> t >= 400 ? 0.5 : 0.02)
                .series("ThrottledRatio", "stable", _ -> 0.02)
                .outcome();
        assertThat(outcome.toString()).isEqualTo("{\"outcome\":\"Promoted\",\"t\":250,\"weight\":100,\"signal\":null}");
        assertThat(lines())
                .anySatisfy(line ->
                        assertThat(line.path("why").asText()).isEqualTo("ThrottledRatio (service) 0.48 >= 0.05"))
                .noneSatisfy(line -> assertThat(line.path("why").asText()).contains("no sample"));
    }
}
