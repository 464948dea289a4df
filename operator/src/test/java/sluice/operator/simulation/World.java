package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import sluice.limiter.control.SidecarCore;

/** One run: two operators, an API server, Prometheus and a service's pods, under one scenario and the faults of one seed. */
final class World {

    private static final long HORIZON = 1_800_000;
    private static final long LOOK = 5_000;
    private static final int SETTLED_LOOKS = 6;
    /** Longer than data must have been there for a candidate that may be tried again by itself. */
    private static final int PATIENT_LOOKS = 130;

    final Timeline time;
    final RandomGenerator random;
    final Faults faults;
    final Scenario scenario;
    final Prometheus prometheus;
    final ApiServer api;
    final Workload workload;
    final Jobs jobs;
    final Invariants invariants;
    final SidecarCore.Workbench bench;
    private final Script script;
    private final Map<String, OperatorProcess> operators = new LinkedHashMap<>();
    private int settled;
    private int lives;

    /** What came of a run. */
    record Outcome(EndState end, Optional<String> broken, String faults, List<String> trace) {}

    private World(Scenario scenario, long seed, boolean faulty, boolean traced, SidecarCore.Workbench bench) {
        this.scenario = scenario;
        this.bench = bench;
        random = new SplittableRandom(seed);
        time = new Timeline(faulty ? random::nextInt : () -> 0, traced);
        faults = faulty ? Faults.chosenBy(random, time) : Faults.none(time, random);
        prometheus = new Prometheus(time);
        api = new ApiServer(Workload.rollout(scenario), Workload.target());
        workload = new Workload(this);
        jobs = new Jobs(this);
        invariants = new Invariants(this);
        script = new Script(scenario, this);
    }

    static Outcome faultless(Scenario scenario, boolean traced, SidecarCore.Workbench bench) {
        return new World(scenario, 0, false, traced, bench).run();
    }

    static Outcome faulty(Scenario scenario, long seed, boolean traced, SidecarCore.Workbench bench) {
        return new World(scenario, seed, true, traced, bench).run();
    }

    private Outcome run() {
        time.note(() -> scenario + " under " + faults);
        api.onChange(kind -> operators.values().forEach(operator -> operator.changed(kind)));
        api.onCommit((origin, before, after) -> {
            invariants.committed(origin, before, after);
            script.committed(before.getStatus(), after.getStatus());
        });
        time.afterEach(this::afterEach);
        workload.begin();
        List.of("a", "b").forEach(slot -> begin(slot, "operator-" + slot));
        plan();
        look();
        time.runUntil(HORIZON);
        if (!time.hasEnded()) {
            invariants.fail("did not come to its end");
        }
        return new Outcome(EndState.of(this), invariants.broken(), faults.toString(), time.trace());
    }

    private void afterEach() {
        workload.sidecars().forEach(Sidecar::pump);
        invariants.look();
    }

    private void begin(String slot, String name) {
        var operator = new OperatorProcess(this, name);
        operators.put(slot, operator);
        operator.start();
    }

    /** A process has ended; kubelet starts its container again, or its pod is replaced. */
    void restart(OperatorProcess ended) {
        time.after(faults.millis(1_000, 10_000), () -> {
            var slot = operators.entrySet().stream()
                    .filter(entry -> entry.getValue() == ended)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
            begin(slot, faults.heads() ? ended.toString() : "operator-%s-%d".formatted(slot, lives++));
        });
    }

    List<OperatorProcess> operatorsInSomeOrder() {
        var all = new ArrayList<>(operators.values());
        return faults.heads() ? all.reversed() : all;
    }

    /** Faults that come by themselves. */
    private void plan() {
        sometimes(Faults.Kind.KILL, 2, () -> some().ifPresent(operator -> operator.end("at some time")));
        sometimes(
                Faults.Kind.CUT_API,
                3,
                () -> some().ifPresent(operator -> operator.cutOff(faults.millis(3_000, 40_000))));
        sometimes(Faults.Kind.EVICT, 2, workload::evict);
        sometimes(Faults.Kind.NO_DATA, 1, () -> prometheus.gapAtLeast(faults.millis(5_000, 30_000)));
        sometimes(Faults.Kind.EDIT, 2, this::edit);
    }

    private void sometimes(Faults.Kind kind, int most, Runnable fault) {
        if (faults.has(kind)) {
            for (int i = random.nextInt(most + 1); i > 0; i--) {
                time.after(faults.sometime(), fault);
            }
        }
    }

    private Optional<OperatorProcess> some() {
        return operatorsInSomeOrder().stream().findFirst();
    }

    private void edit() {
        time.note(() -> "*** somebody edits the ConfigMap");
        api.bootstrap(api.now()
                .bootstrap()
                .filter(_ -> faults.heads())
                .map(map -> new ConfigMapBuilder(map)
                        .addToData("limiter.json", "{}")
                        .build()));
    }

    /** Ends when all has been as it must be for a while. */
    private void look() {
        time.after(LOOK, () -> {
            collectGarbage();
            settled = faults.areOver() && script.isDone() && isAtEnd() ? settled + 1 : 0;
            if (settled == (scenario.isWatchedOn() ? PATIENT_LOOKS : SETTLED_LOOKS)) {
                time.end();
            }
            look();
        });
    }

    private boolean isAtEnd() {
        var phase =
                api.now().rollout().map(rollout -> rollout.getStatus()).map(status -> String.valueOf(status.phase()));
        return workload.isSettled()
                && operators.values().stream().allMatch(OperatorProcess::isUpToDate)
                && workload.sidecars().stream().allMatch(Sidecar::isConnected)
                && jobs.areOver()
                && EndState.of(this).isAtRest()
                && switch (scenario.end()) {
                    case PROMOTED -> phase.filter("Promoted"::equals).isPresent();
                    case ROLLED_BACK -> phase.filter("RolledBack"::equals).isPresent();
                    case GONE ->
                        api.now().rollout().isEmpty() && api.now().bootstrap().isEmpty();
                };
    }

    /** What the rollout owned goes with it. */
    private void collectGarbage() {
        if (api.now().rollout().isEmpty()) {
            jobs.collect();
            if (api.now().bootstrap().isPresent()) {
                api.bootstrap(Optional.empty());
            }
        }
    }
}
