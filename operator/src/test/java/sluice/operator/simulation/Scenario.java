package sluice.operator.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
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
 * @param hooks whether the rollout has a hook at each place
 */
record Scenario(Kind kind, List<Integer> weights, int step, int delaySeconds, boolean hooks) {

    /** How it must end. */
    enum End {
        PROMOTED,
        ROLLED_BACK,
        GONE
    }

    enum Kind {
        HEALTHY(End.PROMOTED),
        CANDIDATE_BREAKS(End.ROLLED_BACK),
        SERVICE_BREAKS(End.ROLLED_BACK),
        SHORT_GAP(End.PROMOTED),
        LONG_GAP(End.PROMOTED),
        BLIND(End.ROLLED_BACK),
        SPEC_CHANGES(End.PROMOTED),
        ABORT(End.ROLLED_BACK),
        PAUSE(End.PROMOTED),
        PROMOTE(End.PROMOTED),
        PROMOTE_FULL(End.PROMOTED),
        APPROVE(End.PROMOTED),
        RETRY(End.PROMOTED),
        SUSPEND(End.PROMOTED),
        MAINTENANCE(End.PROMOTED),
        SCALE(End.PROMOTED),
        SECOND_BREAKS(End.ROLLED_BACK),
        DELETE(End.GONE),
        HOOK_FAILS(End.ROLLED_BACK, Jobs.Fate.FAIL),
        HOOK_HANGS(End.ROLLED_BACK, Jobs.Fate.HANG),
        HOOK_NEVER_MADE(End.ROLLED_BACK, Jobs.Fate.ARE_REFUSED),
        HOOK_MADE_LATE(End.PROMOTED, Jobs.Fate.ARE_REFUSED),
        HOOK_RETRIED(End.PROMOTED, Jobs.Fate.FAIL),
        HOOK_SKIPPED(End.PROMOTED, Jobs.Fate.FAIL);

        private final End end;
        private final Jobs.Fate fate;

        Kind(End end) {
            this(end, Jobs.Fate.PASS);
        }

        Kind(End end, Jobs.Fate fate) {
            this.end = end;
            this.fate = fate;
        }
    }

    static final long HOLD_MILLIS = 40_000;
    static final long INTERVAL_MILLIS = 10_000;
    static final long DEAD_MAN_MILLIS = 30_000;

    /** The hook before the rollout. */
    static final String BEFORE = "before";
    /** The hook of each step. */
    static final String CHECK = "check";

    private static final List<List<Integer>> STEPS = List.of(List.of(10, 100), List.of(10, 50, 100), List.of(100));
    /** At most 15: a step that takes effect 20 s late leaves so much of a hold of 40 s, and all is to happen within it. */
    private static final List<Integer> DELAYS = List.of(0, 3, 10, 15);

    private static final ConcurrentMap<String, RateLimitRolloutSpec> SPECS = new ConcurrentHashMap<>();

    static Scenario chosenBy(RandomGenerator random) {
        var kind = Kind.values()[random.nextInt(Kind.values().length)];
        var weights = STEPS.get(random.nextInt(STEPS.size()));
        return new Scenario(
                kind,
                weights,
                random.nextInt(weights.size()),
                DELAYS.get(random.nextInt(DELAYS.size())),
                random.nextBoolean() || kind.fate != Jobs.Fate.PASS);
    }

    End end() {
        return kind.end;
    }

    /** What becomes of the Jobs of the hook in the step, until somebody cures it. */
    Jobs.Fate fate() {
        return kind.fate;
    }

    /** The weight of the step. */
    int weight() {
        return weights.get(step);
    }

    /** How long a step's hook may take: so long that faults use it up only where that is the story. */
    Duration patience() {
        return kind == Kind.HOOK_HANGS || kind == Kind.HOOK_NEVER_MADE
                ? Duration.ofSeconds(30)
                : Duration.ofMinutes(20);
    }

    /** Whether the operator may leave a step before its hold is over. */
    boolean mayHurry() {
        return kind == Kind.PROMOTE || kind == Kind.PROMOTE_FULL || kind == Kind.APPROVE;
    }

    /** Whether it is watched for long after it was taken back, which few need be: nothing may come of it any more. */
    boolean isWatchedOn() {
        return end() == End.ROLLED_BACK && delaySeconds == DELAYS.getLast();
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

    /** What fails for once holds where somebody will answer, and takes back where nobody will. */
    private String hooksText() {
        var failure = kind == Kind.HOOK_RETRIED || kind == Kind.HOOK_SKIPPED ? "Hold" : "RollBack";
        return hooks ? """
                hooks:
                - {name: %s, when: BeforeRollout, timeout: 20m, image: check}
                - {name: %s, when: AfterStep, onFailure: %s, timeout: %ds, image: check}
                - {name: promoted, when: AfterPromotion, timeout: 20m, image: check}
                - {name: back, when: AfterRollback, timeout: 20m, image: check}
                """.formatted(BEFORE, CHECK, failure, patience().toSeconds()) : "";
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
                %s%s""".formatted(tokens, steps, noData, hooksText(), more), Scenario::read);
    }

    private static RateLimitRolloutSpec read(String yaml) {
        try {
            return new YAMLMapper().readValue(yaml, RateLimitRolloutSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }
}
