package sluice.operator.prometheus;

import java.time.Duration;
import java.time.Instant;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.Samples;
import sluice.operator.rollout.Signal;

/**
 * Asks people's own queries, which must give exactly one series of finite numbers up to the present moment.
 *
 * <p>Always over a range, be it of one instant: so a query means the same in a rule and in a gate, and a scalar will do in both.
 */
final class FreeQueries {
    private final PrometheusApi api;
    private final boolean allowed;

    /**
     * Asks {@code api}.
     *
     * @param allowed otherwise nothing is sent, and every query is missing
     */
    FreeQueries(PrometheusApi api, boolean allowed) {
        this.api = api;
        this.allowed = allowed;
    }

    Reading value(Signal.Query query, Instant start, Instant end, Duration step) {
        if (!allowed) {
            return new Reading.Missing("the operator's configuration allows no queries");
        }
        return switch (api.range(query.promql(), start, end, step)) {
            case Answer.Series(Samples samples) when samples.last().at().equals(end) -> new Reading.Value(samples);
            case Answer.Series(Samples samples) ->
                new Reading.Missing("the query has no value for the present moment", samples.all());
            case Answer.Empty _ ->
                new Reading.Missing(
                        "the query gives no series, and must give one; where none means zero, add: or vector(0)");
            case Answer.Refused(String message) -> new Reading.Missing("Prometheus refuses the query: " + message);
            case Answer.Failed(String why) -> new Reading.Missing(why);
        };
    }
}
