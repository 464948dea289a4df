package sluice.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.prometheus.PrometheusProcess;
import sluice.operator.testing.RealApiServer;
import sluice.operator.testing.Replica;
import sluice.operator.testing.Replicas;

/**
 * How long it takes from the moment at which a real Prometheus shows a breach for the whole of a rule's window until the rollback is
 * committed. The moment is asked of Prometheus itself afterwards, second by second, with a query of this test's own.
 */
class BreachScaleIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final int BREACHES = Integer.getInteger("scale.breaches", 3);
    private static final int INTERVAL_SECONDS = Integer.getInteger("scale.interval", 2);
    private static final int FOR_SECONDS = 2 * INTERVAL_SECONDS;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void end() throws Exception {
        for (var each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void aBreachIsCommittedSoonAfterPrometheusShowsAllOfIt() throws Exception {
        var namespace = API.newNamespace("breaches");
        var exporter = closing(new SidecarExporter());
        var prometheus =
                closing(PrometheusProcess.start(folder, exporter.prometheusConfiguration(List.of(namespace), 1)));
        var installation = closing(new Replicas(API, folder));
        var operator = MeasuredOperator.start(installation, """
                prometheus: {providers: {default: {url: '%s', scrapeInterval: 1s}}}
                watchNamespaces: [%s]
                """.formatted(prometheus.url(), namespace));
        var apps = IntStream.range(0, BREACHES).mapToObj(i -> "app-" + i).toList();
        begin(apps, namespace, exporter, installation.namespace(), operator);
        await("every canary")
                .atMost(PATIENCE)
                .until(() -> apps.stream()
                        .allMatch(app ->
                                "Progressing".equals(status(namespace, app).phase())));

        var random = new Random();
        for (var app : apps) {
            exporter.fail(namespace, app);
            Thread.sleep(random.nextInt(2_000));
        }
        await("every rollback")
                .atMost(PATIENCE)
                .until(() -> apps.stream()
                        .allMatch(app ->
                                "RolledBack".equals(status(namespace, app).phase())));

        var millis = new ArrayList<Long>();
        for (var app : apps) {
            millis.add(Duration.between(complete(prometheus.url(), namespace, app), committedAt(namespace, app))
                    .toMillis());
        }
        var figures = new LinkedHashMap<String, Object>();
        figures.put("breaches", BREACHES);
        figures.put("interval_s", INTERVAL_SECONDS);
        figures.put("complete_to_commit_ms", Figures.summary(millis));
        Figures.keep("breaches", figures);
        // Nobody is taken back before the rule's time.
        assertThat(millis).allMatch(each -> each > -1_000);
    }

    private void begin(
            List<String> apps, String namespace, SidecarExporter exporter, String operatorNamespace, Replica operator) {
        var fleet = closing(new Fleet(API.client(), folder));
        var deliveries = new Deliveries();
        fleet.prepare(namespace);
        Fleet.each(apps, app -> {
            fleet.deploy(namespace, app, 1);
            API.client().resource(rollout(namespace, app)).create();
            await().atMost(PATIENCE).until(() -> fleet.isInjected(namespace, app));
            var pods = fleet.run(namespace, app, 1);
            var revision = Optional.ofNullable(status(namespace, app).candidate())
                    .map(LimiterStatus::revision)
                    .orElseThrow();
            pods.forEach(pod -> exporter.add(namespace, app, pod, revision));
            fleet.connect(namespace, app, pods, operatorNamespace, List.of(operator), deliveries::of);
        });
    }

    private static RateLimitRollout rollout(String namespace, String app) {
        return Serialization.unmarshal(
                """
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  targetRef: {kind: Deployment, name: %1$s}
                  limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
                  strategy: {observe: %3$ds, steps: [{weight: 10, hold: 24h}, {weight: 100, hold: 1h}]}
                  stopLoss: {interval: %3$ds, rules: [{signal: ErrorRatio, threshold: "0.01", for: %4$ds}]}
                """.formatted(app, namespace, INTERVAL_SECONDS, FOR_SECONDS), RateLimitRollout.class);
    }

    /** The first second at which every sample that the rule can go by is a breach: as many as it looks at, an interval apart. */
    private static Instant complete(URI prometheus, String namespace, String app) throws Exception {
        var labels = "namespace=\"%s\",rollout=\"%s\",arm=\"candidate\"".formatted(namespace, app);
        var query =
                "sum(rate(sluice_app_responses_total{%1$s,class=\"5xx\"}[1m])) / sum(rate(sluice_app_responses_total{%1$s}[1m])) >= 0.01"
                        .formatted(labels);
        var now = Instant.now().getEpochSecond();
        var values = get(URI.create("%s/api/v1/query_range?step=1&start=%d&end=%d&query=%s"
                        .formatted(prometheus, now - 300, now, URLEncoder.encode(query, StandardCharsets.UTF_8))))
                .at("/data/result/0/values");
        assertThat(values.size())
                .as("seconds at which Prometheus shows a breach of %s", app)
                .isPositive();
        return Instant.ofEpochSecond(values.path(0).path(0).asLong()).plusSeconds(FOR_SECONDS - INTERVAL_SECONDS);
    }

    private static JsonNode get(URI uri) throws IOException, InterruptedException {
        var answer = HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        return new JsonMapper().readTree(answer.body());
    }

    private static Instant committedAt(String namespace, String app) {
        return Instant.parse(
                String.valueOf(Optional.ofNullable(status(namespace, app).lastRollback())
                        .orElseThrow()
                        .committedAt()));
    }

    private static RateLimitRolloutStatus status(String namespace, String app) {
        return Optional.ofNullable(API.client()
                        .resources(RateLimitRollout.class)
                        .inNamespace(namespace)
                        .withName(app)
                        .get()
                        .getStatus())
                .orElseThrow();
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.add(part);
        return part;
    }
}
