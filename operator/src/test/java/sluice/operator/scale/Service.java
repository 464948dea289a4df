package sluice.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.testing.Replica;

/** A service that gets one new limit after the other; some of them break it, at some step. */
final class Service {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PODS = 2;

    final Chronicle chronicle = new Chronicle();
    final AtomicInteger promoted = new AtomicInteger();
    final AtomicInteger rolledBack = new AtomicInteger();
    private final KubernetesClient client;
    private final ScriptedPrometheus prometheus;
    private final String namespace;
    private final String name;
    private final Random random;
    private final Set<String> past = new HashSet<>();

    Service(KubernetesClient client, ScriptedPrometheus prometheus, String namespace, String name, long seed) {
        this.client = client;
        this.prometheus = prometheus;
        this.namespace = namespace;
        this.name = name;
        this.random = new Random(seed);
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    /** Begins the first rollout, with real streams to the operators. */
    void begin(Fleet fleet, String operatorNamespace, List<Replica> operators) {
        fleet.deploy(namespace, name, PODS);
        change(100);
        await().atMost(PATIENCE).until(() -> fleet.isInjected(namespace, name));
        var pods = fleet.run(namespace, name, PODS);
        fleet.connect(namespace, name, pods, operatorNamespace, operators, _ -> chronicle.sidecar());
    }

    /** Changes the limit, and so begins a rollout. */
    private void change(int tokens) {
        client.resource(rollout(tokens)).forceConflicts().fieldManager("test").serverSideApply();
    }

    private RateLimitRollout rollout(int tokens) {
        return Serialization.unmarshal("""
                apiVersion: sluice.dev/v1alpha1
                kind: RateLimitRollout
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  targetRef: {kind: Deployment, name: %1$s}
                  limiter: {backend: Memory, limits: [{name: all, tokens: %3$d, per: 1m}]}
                  strategy: {observe: 1s, steps: [{weight: 10, hold: 3s}, {weight: 50, hold: 3s}, {weight: 100, hold: 5s}]}
                  stopLoss:
                    interval: 1s
                    deadManSwitch: 1m
                    rules: [{signal: ErrorRatio, threshold: "0.01", for: 2s}]
                """.formatted(name, namespace, tokens), RateLimitRollout.class);
    }

    /** From the first change on one after the other, until it is over and the last one has ended as it must. */
    void live(AtomicBoolean over) {
        for (var tokens = 101; ; tokens++) {
            awaitEnd(random.nextInt(4));
            if (over.get()) {
                return;
            }
            change(tokens);
        }
    }

    /** Of a candidate that breaks at the step of that number, or at none for 0 and 3. */
    private void awaitEnd(int breaksAt) {
        var breaks = breaksAt % 3 != 0;
        if (breaks) {
            var weight = Chronicle.WEIGHTS.get(breaksAt);
            awaitPresent("step " + breaksAt, last -> last.isOver() || last.weight() >= weight);
            prometheus.fail(namespace, name);
        }
        awaitPresent("the end", Chronicle.Committed::isOver);
        prometheus.heal(namespace, name);
        var end = chronicle.last().orElseThrow();
        assertThat(end.phase())
                .as("%s of a candidate that breaks: %s", end, breaks)
                .isEqualTo(breaks ? "RolledBack" : "Promoted");
        (breaks ? rolledBack : promoted).incrementAndGet();
        past.add(end.revision());
    }

    private void awaitPresent(String what, Predicate<Chronicle.Committed> condition) {
        await(what + " of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> chronicle
                        .last()
                        .filter(last -> !past.contains(last.revision()))
                        .filter(condition)
                        .isPresent());
    }
}
