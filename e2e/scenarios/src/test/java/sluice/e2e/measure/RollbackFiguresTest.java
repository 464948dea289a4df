package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sluice.e2e.load.LoadResults;
import sluice.e2e.load.SentRequest;
import sluice.e2e.log.Requests;
import sluice.e2e.rollout.RollbackView;

class RollbackFiguresTest {
    private static final Instant START = Requests.START;

    @Test
    void measuresFromTheFirstBreachToTheLastCandidateRequest() {
        var rollback = new RollbackView(
                "abc",
                "ErrorRatio",
                "candidate",
                Optional.of(second(10)),
                Optional.of(second(20)),
                Optional.of(second(20)),
                Optional.of(second(21)),
                Optional.of(second(21).plusMillis(40)));
        var logs = Requests.logs(
                Requests.at(second(5), "user:a", "candidate", 2, "redis"),
                Requests.at(second(21), "user:a", "candidate", 2, "redis"),
                Requests.at(second(22), "user:a", "stable", 3, "redis"));

        var figures = RollbackFigures.of(rollback, logs, new LoadResults(List.of()), START, second(30));

        assertThat(figures.lastCandidateRequestAt()).isEqualTo(second(21));
        assertThat(figures.breachToDecisionMs()).isEqualTo(10_000);
        assertThat(figures.commitToLastAckMs()).isEqualTo(40);
        assertThat(figures.candidateRequestsAfterLastAck()).isZero();
    }

    @Test
    void countsCandidateRequestsThatArrivedAfterTheLastAcknowledgement() {
        var rollback = new RollbackView(
                "abc",
                "LatencyP95",
                "candidate",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(second(20)));
        var logs = Requests.logs(
                Requests.at(second(19), "user:a", "candidate", 2, "redis"),
                Requests.at(second(21), "user:a", "candidate", 2, "redis"));

        var figures = RollbackFigures.of(rollback, logs, new LoadResults(List.of()), START, second(30));

        assertThat(figures.candidateRequestsAfterLastAck()).isOne();
    }

    @Test
    void anInjectedFaultIsNoFailedRequest() {
        var rollback = new RollbackView(
                "abc",
                "ErrorRatio",
                "candidate",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var load = new LoadResults(List.of(sent(500, Optional.of("error")), sent(502, Optional.empty())));

        var figures = RollbackFigures.of(rollback, Requests.logs(), load, START, second(30));

        assertThat(figures.failedRequestsNotInjected()).isOne();
        assertThat(figures.commitToLastAckMs()).isNull();
    }

    private static SentRequest sent(int code, Optional<String> fault) {
        return new SentRequest(second(1), code, Duration.ZERO, "", Optional.empty(), fault);
    }

    private static Instant second(int second) {
        return START.plusSeconds(second);
    }
}
