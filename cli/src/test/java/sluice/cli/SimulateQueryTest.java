package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and gates with a query of their own. */
class SimulateQueryTest extends SimulatedRollout {

    private SimulatedRollout withQuery() {
        resource = RESOURCE.replace(
                "for: 1m}]",
                "for: 1m}, {signal: Query, name: checkout-errors, query: sum(failed), threshold: \"5\", for: 1m}]");
        return healthy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "candidate"})
    void aQueryIsReadByItsNameInWhicheverArmItWasRecorded(String arm) throws IOException {
        var outcome =
                withQuery().series("checkout-errors", arm, t -> t >= 60 ? 7 : 1).outcome();
        assertThat(outcome.toString())
                .isEqualTo("{\"outcome\":\"RolledBack\",\"t\":110,\"weight\":0,\"signal\":\"checkout-errors\"}");
        var back = first("RollBack");
        assertThat(back.path("signal").asText()).isEqualTo("checkout-errors");
        assertThat(back.path("value").asDouble()).isEqualTo(7);
        assertThat(back.path("threshold").asDouble()).isEqualTo(5);
    }

    @Test
    void aQueryThatWasRecordedOfBothIsBrokenByEither() throws IOException {
        var outcome = withQuery()
                .series("checkout-errors", "candidate", t -> t >= 60 ? 7 : 1)
                .series("checkout-errors", "service", _ -> 1)
                .outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("checkout-errors");
    }

    @Test
    void aQueryBelowItsThresholdIsHealthy() throws IOException {
        assertThat(withQuery()
                        .series("checkout-errors", "service", _ -> 4.9)
                        .outcome()
                        .path("outcome")
                        .asText())
                .isEqualTo("Promoted");
    }

    @Test
    void aQueryThatTheFileLacksIsMissingDataAlsoWithoutTraffic() throws IOException {
        var outcome = withQuery().series("RequestRate", "service", _ -> 0).outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("NoData");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText())
                        .contains("checkout-errors (service): there is no sample of checkout-errors (service)"));
    }

    @Test
    void aQueryThatWasRecordedOfTheStableArmOnlyIsMissingOfTheService() throws IOException {
        var outcome = withQuery().series("checkout-errors", "stable", _ -> 1).outcome();
        assertThat(outcome.path("signal").asText()).isEqualTo("NoData");
        assertThat(lines())
                .anySatisfy(line -> assertThat(line.path("why").asText())
                        .contains("checkout-errors (service): there is no sample of checkout-errors (service)"));
    }

    @Test
    void aGateComparesWithWhatWasThrottledBeforeTheOnlyStep() throws IOException {
        resource = RESOURCE.replace("{weight: 10, hold: 2m}, ", "")
                + "  gates: [{signal: ThrottledRatio, max: '0.005'}]\n";
        var outcome = healthy()
                .series("ThrottledRatio", "stable", t -> t <= 10 ? 0.03 : Double.NaN)
                .series("ThrottledRatio", "candidate", t -> t > 10 ? 0.03 : Double.NaN)
                .outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
    }

    @Test
    void aGateLooksAtAQuery() throws IOException {
        resource = RESOURCE + "  gates: [{signal: Query, name: queue, query: sum(queue), max: '3'}]\n";
        var outcome =
                healthy().series("queue", "service", t -> t >= 300 ? 3 : 4).outcome();
        assertThat(outcome.path("outcome").asText()).isEqualTo("Promoted");
        assertThat(first("Advance").path("t").asInt()).isEqualTo(300);
    }
}
