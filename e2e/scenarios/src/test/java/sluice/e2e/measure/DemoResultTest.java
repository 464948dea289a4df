package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoResultTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final DemoResult WELL = result(0.1, 0, 0);

    private static DemoResult result(double share, int failed, long candidateAfter) {
        return result(new StepFigures(10, share, 2000, 0), failed, candidateAfter);
    }

    private static DemoResult result(StepFigures step, int failed, long candidateAfter) {
        return new DemoResult(
                new PromotionFigures(failed, "502s", 9000, List.of(step)),
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

    @ParameterizedTest
    @ValueSource(doubles = {0.0665, 0.1335})
    void aShareThatChanceExplainsIsNoBrokenPromise(double share) {
        assertThat(Verdicts.broken(result(share, 0, 0))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.066, 0.134, 0.2, 1})
    void aShareTooFarFromTheWeightIsABrokenPromise(double share) {
        assertThat(Verdicts.broken(result(share, 0, 0)))
                .singleElement()
                .asString()
                .contains("the share of 2000 callers was %.4f".formatted(share));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100})
    void aShareOfTooFewIsABrokenPromise(int callers) {
        assertThat(Verdicts.broken(result(new StepFigures(10, 0, callers, 0), 0, 0)))
                .singleElement()
                .asString()
                .contains("too few callers to tell their share: " + callers);
    }

    @Test
    void oneWhoIsLeftOutAtHundredIsABrokenPromise() {
        assertThat(Verdicts.broken(result(new StepFigures(100, 1, 1429, 0), 0, 0)))
                .isEmpty();
        assertThat(Verdicts.broken(result(new StepFigures(100, 1428 / 1429.0, 1429, 0), 0, 0)))
                .singleElement()
                .asString()
                .contains("at weight 100");
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
