package sluice.operator.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusNetworksTest {
    private final FakePrometheus prometheus = new FakePrometheus(FakePrometheus.body(""));
    private final PrometheusNetworks networks =
            new PrometheusNetworks(new PrometheusProvider(prometheus.url(), Duration.ofSeconds(15)));

    @AfterEach
    void stop() {
        prometheus.close();
    }

    private static String series(String network) {
        return "{\"metric\": {\"network\": \"" + network + "\"}, \"value\": [1, \"3\"]}";
    }

    private void answer(String series) {
        prometheus.answer(FakePrometheus.body(
                "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": [" + series + "]}}"));
    }

    @Test
    void knowsNetworksAndBelievesNothingElse() throws IOException {
        answer(series("203.0.113.0/24") + "," + series("2001:db8:17::/48") + "," + series("x.example/24") + ","
                + "{\"metric\": {}, \"value\": [1, \"3\"]}");
        assertThat(networks.most()).containsExactly("203.0.113.0/24", "2001:db8:17::/48");

        answer("");
        assertThat(networks.most()).isEmpty();
    }

    @Test
    void takesNoMoreThanItAskedFor() throws IOException {
        answer(IntStream.range(0, 150)
                .mapToObj(i -> series("198.51." + i + ".0/24"))
                .collect(Collectors.joining(",")));
        assertThat(networks.most()).hasSize(PrometheusNetworks.MOST);
    }

    @Test
    void saysWhyItDoesNotKnow() {
        prometheus.answer(FakePrometheus.status(503, "busy"));
        assertThatThrownBy(networks::most).isInstanceOf(IOException.class).hasMessage("Prometheus answered 503");

        prometheus.answer(FakePrometheus.body("<html>"));
        assertThatThrownBy(networks::most).isInstanceOf(IOException.class);

        prometheus.close();
        assertThatThrownBy(networks::most).hasMessage("Prometheus cannot be asked");
    }
}
