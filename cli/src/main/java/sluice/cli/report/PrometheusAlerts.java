package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * What a Prometheus says of its alerts.
 *
 * @param rules the groups of {@code /api/v1/rules}
 * @param alerts the alerts of {@code /api/v1/alerts}
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/#rules">Prometheus HTTP API</a>
 */
record PrometheusAlerts(JsonNode rules, JsonNode alerts) {
    /**
     * Asks.
     *
     * @throws IOException with what is wrong, without the address and without anything of the answer
     */
    static PrometheusAlerts read(PrometheusNow prometheus) throws IOException {
        return new PrometheusAlerts(
                prometheus.list("/api/v1/rules?type=alert", "groups"), prometheus.list("/api/v1/alerts", "alerts"));
    }
}
