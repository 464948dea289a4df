package sluice.observability.dashboard;

import java.time.Duration;
import java.util.Map;

/**
 * What somebody has chosen for the variables, so that Prometheus itself can be asked.
 *
 * @param values by the variable's name, regular expressions; the others are what the dashboard says
 * @param rateWindow over how long rates are taken: four scrapes, and at least what a step of the picture is
 */
public record Choices(Map<String, String> values, Duration rateWindow) {

    /** A query of the dashboard without variables. */
    public String fill(Dashboard dashboard, String promql) {
        var filled = promql.replace("$__rate_interval", rateWindow.toSeconds() + "s");
        for (var variable : dashboard.variables()) {
            filled = filled.replace("$" + variable.name(), values.getOrDefault(variable.name(), variable.value()));
        }
        return filled;
    }
}
