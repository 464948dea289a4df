package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.e2e.log.PodLine;
import sluice.e2e.log.Requests;
import sluice.e2e.rollout.Rollouts;

class StepRequestsTest {
    @Test
    void aRequestBelongsToTheStepOfTheEpochThatJudgedIt() {
        var history = List.of(
                Rollouts.seen(Requests.START, "Observing", 0, 1),
                Rollouts.seen(Requests.START, "Progressing", 10, 2),
                Rollouts.seen(Requests.START, "Progressing", 10, 3),
                Rollouts.seen(Requests.START, "Baking", 100, 4),
                Rollouts.seen(Requests.START, "Promoted", 100, 5));
        var before = Requests.of("user:a", "stable", 1);
        var first = Requests.of("user:a", "candidate", 2);
        var scaled = Requests.of("user:b", "stable", 3);
        var last = Requests.of("user:a", "candidate", 4);
        var after = Requests.of("user:a", "stable", 5);
        var lines = List.of(before, first, scaled, last, after).stream()
                .map(request -> new PodLine<>("pod", request))
                .toList();

        assertThat(StepRequests.byWeight(history, lines))
                .containsOnlyKeys(10, 100)
                .containsEntry(10, List.of(first, scaled))
                .containsEntry(100, List.of(last));
    }
}
