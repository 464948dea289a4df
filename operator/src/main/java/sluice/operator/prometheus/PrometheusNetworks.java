package sluice.operator.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import sluice.operator.networks.BlockedNetworks;

/** The networks with most blocks within an hour, as a Prometheus has them from the WAF's audit log. */
public final class PrometheusNetworks implements BlockedNetworks {
    static final int MOST = 100;

    private static final String QUERY =
            "topk(" + MOST + ", sum by (network) (increase(sluice_waf_network_blocks_total[1h])))";
    private static final Pattern NETWORK = Pattern.compile("[0-9a-f:.]{2,45}/[0-9]{1,3}");
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpRequest request;

    public PrometheusNetworks(PrometheusProvider provider) {
        request = PrometheusApi.request(PrometheusApi.base(provider.url()), "/api/v1/query", Map.of("query", QUERY));
    }

    /** Takes at most one query timeout. */
    @Override
    public List<String> most() throws IOException {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            try {
                return networks(answer(http));
            } finally {
                http.shutdownNow();
            }
        }
    }

    private JsonNode answer(HttpClient http) throws IOException {
        try {
            HttpResponse<byte[]> response = PrometheusApi.send(http, request);
            if (response.statusCode() != 200) {
                throw new IOException("Prometheus answered " + response.statusCode());
            }
            return JSON.readTree(response.body());
        } catch (TimeoutException e) {
            throw new IOException("Prometheus did not answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException("Prometheus cannot be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static List<String> networks(JsonNode answer) {
        List<String> networks = new ArrayList<>();
        for (JsonNode series : answer.path("data").path("result")) {
            String network = series.path("metric").path("network").asText();
            if (networks.size() < MOST && NETWORK.matcher(network).matches()) {
                networks.add(network);
            }
        }
        return networks;
    }
}
