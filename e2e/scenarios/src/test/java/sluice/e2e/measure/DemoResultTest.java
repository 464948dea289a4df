package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoResultTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final DemoResult WELL = result(0.1, 0, 0);

    private static DemoResult result(double share, int failed, long candidateAfter) {
        return new DemoResult(
                new PromotionFigures(failed, "502s", 9000, List.of(new StepFigures(10, share, 2000, 0))),
                List.of(new RollbackFigures("ErrorRatio", AT, AT, AT, AT, AT, 0L, 12L, candidateAfter, 0)),
                new OutageFigures(0, 500, 2));
    }

    @Test
    void theJsonHasExactlyTheDocumentedFields() throws JsonProcessingException {
        var json = new JsonMapper().readTree(WELL.toJson());

        assertThat(fields(json)).containsExactly("promotion", "rollbacks", "redisOutage");
        assertThat(fields(json.path("promotion"))).containsExactly("failedRequests", "totalRequests", "steps");
        assertThat(fields(json.at("/promotion/steps/0"))).containsExactly("weight", "observedShare", "users");
        assertThat(fields(json.at("/rollbacks/0")))
                .containsExactly(
                        "signal",
                        "firstBreachingSample",
                        "decidedAt",
                        "committedAt",
                        "lastAckAt",
                        "lastCandidateRequestAt",
                        "breachToDecisionMs",
                        "commitToLastAckMs",
                        "candidateRequestsAfterLastAck",
                        "failedRequestsNotInjected");
        assertThat(fields(json.path("redisOutage"))).containsExactly("failedRequests", "memoryDecisions", "warnLines");
        assertThat(json.at("/rollbacks/0/decidedAt").asText()).isEqualTo("2026-01-01T00:00:00.123Z");
    }

    private static List<String> fields(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void nothingIsBrokenWhenAllIsWell() {
        assertThat(Verdicts.broken(WELL)).isEmpty();
    }

    @Test
    void aShareTooFarFromTheWeightIsABrokenPromise() {
        assertThat(Verdicts.broken(result(0.121, 0, 0)))
                .singleElement()
                .asString()
                .contains("0.1210");
    }

    @Test
    void failedRequestsAndStragglersAreBrokenPromises() {
        assertThat(Verdicts.broken(result(0.1, 3, 1)))
                .containsExactly(
                        "3 requests failed during the promotion: 502s",
                        "ErrorRatio: 1 candidate requests after the last acknowledgement");
    }

    @Test
    void theReportShowsEveryPart() {
        assertThat(Report.of(WELL)).isEqualTo("""
                        Promotion: 9000 requests, 0 failed
                          weight  share of callers  callers  in both arms
                          10%     10.00%            2000     0

                        Rollbacks, times in UTC
                          signal      first breach  decided       committed     last ack      commit to ack  candidate after  failed
                          ErrorRatio  00:00:00.123  00:00:00.123  00:00:00.123  00:00:00.123  12 ms          0                0

                        Redis killed and restarted: 0 requests failed, 500 decisions in memory, 2 warnings (one per sidecar)
                        """);
    }
}
