package sluice.operator.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;

/**
 * What is to happen apart from faults.
 *
 * @param weights of the steps
 * @param step in which it happens, from 0
 * @param delaySeconds after the step's commit
 */
record Scenario(Kind kind, List<Integer> weights, int step, int delaySeconds) {

    enum Kind {
        HEALTHY,
        CANDIDATE_BREAKS,
        SERVICE_BREAKS,
        SHORT_GAP,
        LONG_GAP,
        BLIND,
        SPEC_CHANGES,
        ABORT,
        PAUSE,
        PROMOTE,
        PROMOTE_FULL,
        APPROVE,
        RETRY,
        SUSPEND,
        MAINTENANCE,
        SCALE,
        SECOND_BREAKS,
        DELETE
    }

    /** How it must end. */
    enum End {
        PROMOTED,
        ROLLED_BACK,
        GONE
    }

    static final long HOLD_MILLIS = 40_000;
    static final long INTERVAL_MILLIS = 10_000;
    static final long DEAD_MAN_MILLIS = 30_000;

    private static final List<List<Integer>> STEPS = List.of(List.of(10, 100), List.of(10, 50, 100), List.of(100));
    private static final List<Integer> DELAYS = List.of(0, 3, 10, 25);
    private static final ConcurrentMap<String, RateLimitRolloutSpec> SPECS = new ConcurrentHashMap<>();

    static Scenario chosenBy(RandomGenerator random) {
        var kind = Kind.values()[random.nextInt(Kind.values().length)];
        var weights = STEPS.get(random.nextInt(STEPS.size()));
        return new Scenario(kind, weights, random.nextInt(weights.size()), DELAYS.get(random.nextInt(DELAYS.size())));
    }

    End end() {
        return switch (kind) {
            case CANDIDATE_BREAKS, SERVICE_BREAKS, BLIND, ABORT, SECOND_BREAKS -> End.ROLLED_BACK;
            case DELETE -> End.GONE;
            case HEALTHY,
                    SHORT_GAP,
                    LONG_GAP,
                    SPEC_CHANGES,
                    PAUSE,
                    PROMOTE,
                    PROMOTE_FULL,
                    APPROVE,
                    RETRY,
                    SUSPEND,
                    MAINTENANCE,
                    SCALE -> End.PROMOTED;
        };
    }

    /** Whether the operator may leave a step before its hold is over. */
    boolean mayHurry() {
        return kind == Kind.PROMOTE || kind == Kind.PROMOTE_FULL || kind == Kind.APPROVE;
    }

    RateLimitRolloutSpec spec() {
        return spec(100, "");
    }

    /** Another revision. */
    RateLimitRolloutSpec changedSpec() {
        return spec(50, "");
    }

    RateLimitRolloutSpec suspendedSpec() {
        return spec(100, "suspend: true\n");
    }

    RateLimitRolloutSpec closedSpec() {
        return spec(100, "maintenance: {enabled: true, retryAfter: 90s}\n");
    }

    private RateLimitRolloutSpec spec(int tokens, String more) {
        var steps = new StringBuilder();
        for (int i = 0; i < weights.size(); i++) {
            steps.append("  - {weight: %d, hold: 40s%s}\n"
                    .formatted(weights.get(i), kind == Kind.APPROVE && i == step ? ", approval: Manual" : ""));
        }
        // Only where missing data are the story may they bring a rollout back.
        var noData = kind == Kind.LONG_GAP || kind == Kind.BLIND ? "1m" : "10m";
        return SPECS.computeIfAbsent("""
                targetRef: {kind: Deployment, name: api}
                port: http
                limiter: {backend: Memory, limits: [{name: all, tokens: %d, per: 1m}]}
                strategy:
                  observe: 20s
                  steps:
                %sstopLoss:
                  interval: 10s
                  rules:
                  - {signal: ErrorRatio, threshold: "0.01", for: 30s}
                  - {signal: AuthFailures, timesBaseline: "3", minimum: "0.005", baselineWindow: 1h, for: 30s}
                  noData: {rollBackAfter: %s}
                  deadManSwitch: 30s
                %s""".formatted(tokens, steps, noData, more), Scenario::read);
    }

    private static RateLimitRolloutSpec read(String yaml) {
        try {
            return new YAMLMapper().readValue(yaml, RateLimitRolloutSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }
}
