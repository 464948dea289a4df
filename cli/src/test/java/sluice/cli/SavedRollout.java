package sluice.cli;

/** A rollout as kubectl prints it. */
final class SavedRollout {
    /** It went back from weight 100. */
    static final String ROLLED_BACK = """
            apiVersion: sluice.dev/v1alpha1
            kind: RateLimitRollout
            metadata:
              {name: api, namespace: apps, generation: 3, managedFields: [{manager: kubectl}],
               annotations: {sluice.dev/command: promote@3f9a0c12de/alice, kubectl.kubernetes.io/last-applied-configuration: hunter2}}
            spec:
              targetRef: {name: api}
              limiter: {backend: Memory, limits: [{name: all, tokens: 10, per: 1s}]}
              strategy: {observe: 1m, steps: [{weight: 10, hold: 2m}, {weight: 100, hold: 5m}]}
              gates: [{signal: LatencyP95, max: 250ms}]
            status:
              observedGeneration: 3
              phase: RolledBack
              weight: 0
              stable: {revision: "off", limiter: '{"backend":"Off"}'}
              candidate: {revision: 3f9a0c12de, limiter: '{"backend":"Memory","limits":[{"name":"all","tokens":10}]}'}
              timers: {evaluatedAt: '2026-01-01T00:06:30.000Z'}
              decisions:
              - {at: '2026-01-01T00:06:00.320Z', name: FinishRollBack, reason: Acknowledged, message: 'every sidecar is back: Acknowledged', weight: 0}
              - at: '2026-01-01T00:06:00.000Z'
                name: RollBack
                reason: ErrorRatio
                message: ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s
                revision: 3f9a0c12de
                weight: 0
                signal: ErrorRatio
                scope: candidate
                value: "0.05"
                threshold: "0.01"
                for: 1m
                samples: [{at: '2026-01-01T00:05:50.000Z', value: "0.04"}, {at: '2026-01-01T00:06:00.000Z', value: "0.05"}]
              - {at: '2026-01-01T00:03:30.000Z', name: Advance, reason: HoldElapsed, message: 'step 2: weight 100', by: promote@3f9a0c12de/alice, revision: 3f9a0c12de, weight: 100}
              - {at: '2026-01-01T00:01:30.000Z', name: Start, reason: ObservationOver, message: 'first step: weight 10', revision: 3f9a0c12de, weight: 10}
              - {at: '2026-01-01T00:00:10.000Z', name: Inject, reason: Accepted, message: sidecars come, revision: 3f9a0c12de, weight: 0}
              lastDecision: {name: Hold, reason: Latched, message: revision 3f9a0c12de was rolled back, at: '2026-01-01T00:06:01.000Z'}
              lastCommand: {text: promote@3f9a0c12de/alice, outcome: Done, message: the step is approved, at: '2026-01-01T00:03:30.000Z'}
              lastRollback:
                revision: 3f9a0c12de
                reason: ErrorRatio
                message: ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s
                signal: ErrorRatio
                scope: candidate
                value: "0.05"
                threshold: "0.01"
                for: 1m
                firstBreachingSample: '2026-01-01T00:05:00.000Z'
                lastSample: '2026-01-01T00:06:00.000Z'
                fromWeight: 100
                decidedAt: '2026-01-01T00:06:00.000Z'
                committedAt: '2026-01-01T00:06:00.005Z'
                lastAckAt: '2026-01-01T00:06:00.310Z'
                finishedAt: '2026-01-01T00:06:00.320Z'
                proof: Acknowledged
                samples: [{at: '2026-01-01T00:05:50.000Z', value: "0.04"}, {at: '2026-01-01T00:06:00.000Z', value: "0.05"}]
              snapshots:
              - {at: '2026-01-01T00:05:10.000Z', phase: Baking, weight: 100, revision: 3f9a0c12de, backend: Memory, requests: "100", errorRatio: "0.04",
                 latencyP50: "0.02", latencyP95: "0.08", latencyP99: "0.25", authFailures: "0.006", throttledRatio: "0",
                 margins: [{signal: ErrorRatio, scope: candidate, value: "0.04", threshold: "0.01", left: "-300%"}]}
              history: [{revision: 3f9a0c12de, outcome: RolledBack, reason: ErrorRatio, at: '2026-01-01T00:06:00.000Z'}]
            """;

    private SavedRollout() {}
}
