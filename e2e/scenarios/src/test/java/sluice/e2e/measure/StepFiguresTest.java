package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.Requests;

class StepFiguresTest {
    @Test
    void theShareIsOfCallersNotOfRequests() {
        List<LogLine.Request> requests = new ArrayList<>();
        for (int times = 0; times < 50; times++) {
            requests.add(Requests.of("user:a", "candidate", 1));
        }
        requests.add(Requests.of("user:b", "stable", 1));
        requests.add(Requests.of("user:c", "stable", 1));
        requests.add(Requests.of("user:d", "stable", 1));

        assertThat(StepFigures.of(10, requests)).isEqualTo(new StepFigures(10, 0.25, 4, 0));
    }

    @Test
    void aCallerInBothArmsIsCountedAsSuch() {
        var requests = List.of(Requests.of("user:a", "candidate", 1), Requests.of("user:a", "stable", 1));

        assertThat(StepFigures.of(10, requests).inBothArms()).isOne();
    }

    @Test
    void callersWithoutANameAreLeftOut() {
        var requests = List.of(Requests.of("ip:a", "candidate", 1), Requests.of("user:b", "stable", 1));

        assertThat(StepFigures.of(10, requests)).isEqualTo(new StepFigures(10, 0, 1, 0));
    }

    @Test
    void withoutRequestsThereIsNoShare() {
        assertThat(StepFigures.of(10, List.of())).isEqualTo(new StepFigures(10, 0, 0, 0));
    }
}
