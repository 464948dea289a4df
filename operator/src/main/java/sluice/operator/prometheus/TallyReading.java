package sluice.operator.prometheus;

import java.time.Duration;
import java.time.Instant;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Tally;

/** Counts what an arm has answered up to one instant. */
final class TallyReading {
    private final PrometheusApi api;
    private final Instant end;

    TallyReading(PrometheusApi api, Instant end) {
        this.api = api;
        this.end = end;
    }

    Tally since(Instant start, Selector arm) {
        Duration window = Duration.between(start, end);
        if (window.toSeconds() < 1) {
            return new Tally.Missing("the step has only begun");
        }
        return Tally.of(count(Queries.responsesDuring(arm, window)), count(Queries.errorsDuring(arm, window)));
    }

    private Reading count(String query) {
        return SignalReading.valueOr(api.instant(query, end), () -> new Reading.Missing("there is no such series"));
    }
}
