package sluice.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.testing.FreePort;
import sluice.operator.testing.RealApiServer;
import sluice.operator.testing.Replica;
import sluice.operator.testing.Replicas;

/**
 * How long a change takes from its commit until every sidecar has it, and until every sidecar has said so: one service, the operator as a
 * process with the options of its image, real TLS and real tokens.
 */
class StreamScaleIT {

    @RegisterExtension
    static final RealApiServer API = new RealApiServer();

    private static final int STREAMS = Integer.getInteger("scale.streams", 30);
    private static final int CHANGES = Integer.getInteger("scale.changes", 3);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String APP = "scholarship-api";
    private static final JsonMapper JSON = new JsonMapper();

    private record Change(Instant committedAt, Instant lastArrival, Instant lastAcknowledgement) {

        long reachedMillis() {
            return Duration.between(committedAt, lastArrival).toMillis();
        }

        long acknowledgedMillis() {
            return Duration.between(committedAt, lastAcknowledgement).toMillis();
        }
    }

    private final Deliveries deliveries = new Deliveries();

    @TempDir
    private Path folder = Path.of("");

    private Optional<Replicas> installation = Optional.empty();
    private Optional<Fleet> fleet = Optional.empty();
    private String namespace = "";

    @BeforeEach
    void install() {
        namespace = API.newNamespace("streams");
        installation = Optional.of(new Replicas(API, folder));
        fleet = Optional.of(new Fleet(API.client(), folder));
    }

    @AfterEach
    void end() {
        fleet.ifPresent(Fleet::close);
        installation.ifPresent(Replicas::close);
    }

    @Test
    void aChangeReachesEveryStream() {
        var operator = startOperator();
        var connected = connect(operator, STREAMS);
        var changes = changes(operator, STREAMS, Math.min(CHANGES, 10));
        var usage = Usage.metrics(operator);

        var figures = new LinkedHashMap<String, Object>();
        figures.put("streams", STREAMS);
        figures.put("changes", changes.size());
        figures.put("all_connected_ms", connected.toMillis());
        figures.put("commit_to_last_stream_ms", Figures.summary(reached(changes)));
        figures.put("commit_to_last_ack_ms", Figures.summary(acknowledged(changes)));
        figures.put("connections_ended", deliveries.ended());
        figures.put("heap_mib", Usage.heapMib(operator));
        figures.put("live_heap_mib", Usage.liveMib(operator));
        figures.put("rss_mib", Usage.rssMib(operator));
        figures.put("threads", Usage.threads(operator));
        Figures.keep("streams", figures);
        assertThat(Usage.sum(usage, "sluice_operator_streams ")).isEqualTo(STREAMS);
    }

    @Test
    void everySidecarAcknowledgesEveryChange() {
        var sidecars = Math.min(STREAMS, 100);
        var operator = startOperator();
        connect(operator, sidecars);
        // The first few are made by code that is not compiled yet; an operator that has led for a while has.
        changes(operator, sidecars, 3);
        var changes = changes(operator, sidecars, CHANGES);

        var figures = new LinkedHashMap<String, Object>();
        figures.put("sidecars", sidecars);
        figures.put("changes", changes.size());
        figures.put("commit_to_last_ack_ms", Figures.summary(acknowledged(changes)));
        Figures.keep("acks", figures);
        assertThat(acknowledged(changes)).hasSize(CHANGES).allMatch(millis -> millis >= 0);
    }

    private Replica startOperator() {
        return MeasuredOperator.start(replicas(), """
                prometheus: {providers: {default: {url: 'http://127.0.0.1:%d', scrapeInterval: 15s}}}
                watchNamespaces: [%s]
                """.formatted(FreePort.find(), namespace));
    }

    /** Connects so many sidecars of one service; how long it took until the operator had heard of all. */
    private Duration connect(Replica operator, int pods) {
        services().prepare(namespace);
        services().deploy(namespace, APP, pods);
        API.client().resource(rollout(namespace)).create();
        await().atMost(PATIENCE).until(() -> services().isInjected(namespace, APP));
        var names = services().run(namespace, APP, pods);
        var began = Instant.now();
        services().connect(namespace, APP, names, replicas().namespace(), List.of(operator), deliveries::of);
        await("every stream")
                .atMost(PATIENCE)
                .until(() -> deliveries.arrived(deliveries.newest()) == pods && answers(operator) >= pods);
        return Duration.between(began, deliveries.lastArrival(deliveries.newest()));
    }

    /** Without data it stays where it is, which is all the same to whoever only listens. */
    private static RateLimitRollout rollout(String namespace) {
        return Serialization.unmarshal("""
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: scholarship-api, namespace: %s}
                spec:
                  targetRef: {kind: Deployment, name: scholarship-api}
                  limiter: {backend: Memory, limits: [{name: all, tokens: 100, per: 1m}]}
                  stopLoss: {noData: {rollBackAfter: 24h}, progressDeadline: 24h}
                """.formatted(namespace), RateLimitRollout.class);
    }

    private List<Change> changes(Replica operator, int pods, int count) {
        var changes = new ArrayList<Change>();
        for (var i = 0; i < count; i++) {
            var before = deliveries.newest();
            var answered = settledAnswers(operator);
            toggleMaintenance();
            await("a change")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> deliveries.arrived(before + 1) == pods && answers(operator) >= answered + pods);
            var answeredAt = Instant.now();
            var epoch = deliveries.newest();
            assertThat(epoch).isEqualTo(before + 1);
            changes.add(new Change(committedAt(operator, epoch), deliveries.lastArrival(epoch), answeredAt));
        }
        return changes;
    }

    /** How many configurations have been acknowledged on the streams that they were sent on. */
    private static double answers(Replica operator) {
        return Usage.sum(operator.get("/metrics"), "sluice_operator_acknowledgement_seconds_count ");
    }

    /** When none is on its way from before. */
    private static double settledAnswers(Replica operator) {
        var counts = new ArrayList<Double>();
        await("no more answers")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    counts.add(answers(operator));
                    return counts.size() > 1 && counts.getLast().equals(counts.get(counts.size() - 2));
                });
        return counts.getLast();
    }

    private void toggleMaintenance() {
        var closed = Optional.ofNullable(rollout().get().getSpec().maintenance())
                .filter(maintenance -> maintenance.enabled())
                .isPresent();
        rollout()
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"maintenance\":{\"enabled\":%s}}}".formatted(!closed));
    }

    /** When the status update had been answered, as the log says. */
    private static Instant committedAt(Replica operator, long epoch) {
        return operator.log()
                .lines()
                .filter(line -> line.contains("\"epoch\":" + epoch + ","))
                .map(StreamScaleIT::parsed)
                .map(line -> Instant.parse(line.path("ts").asText()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> reached(List<Change> changes) {
        return changes.stream().map(Change::reachedMillis).toList();
    }

    private static List<Long> acknowledged(List<Change> changes) {
        return changes.stream().map(Change::acknowledgedMillis).toList();
    }

    private Resource<RateLimitRollout> rollout() {
        return API.client()
                .resources(RateLimitRollout.class)
                .inNamespace(namespace)
                .withName(APP);
    }

    private Fleet services() {
        return fleet.orElseThrow();
    }

    private Replicas replicas() {
        return installation.orElseThrow();
    }
}
