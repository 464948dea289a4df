package sluice.observability.dashboard;

import static sluice.observability.dashboard.Promql.rate;
import static sluice.observability.dashboard.Promql.rollouts;
import static sluice.observability.dashboard.Promql.sidecars;
import static sluice.observability.dashboard.Promql.sum;

/** How far a rollout is, and how near to going back. */
final class RolloutDashboard {

    private static final String ROLLOUT = "{{rollout_namespace}}/{{rollout}}";

    private RolloutDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                        "sluice-rollout",
                        "Sluice / Rollout",
                        "Where a rollout stands, when it goes on, and how far each signal is from its stop-loss.",
                        now(),
                        course(),
                        signals(),
                        sidecarsAndTraffic())
                .with(new Annotation(
                        "Decisions",
                        rollouts("decision_timestamp_seconds") + " * 1000",
                        "{{rollout}}: {{decision}} ({{reason}})"));
    }

    private static Row now() {
        return Row.of(
                "Now",
                Panel.name(
                                "Phase",
                                "Good: Progressing, Baking or Promoted. RolledBack stays until somebody says retry or changes the limiter: kubectl-rlr explain tells why.")
                        .query(rollouts("phase"), ROLLOUT + " {{phase}}"),
                Panel.number(
                                "Weight",
                                Unit.PERCENT,
                                "Share of callers that get the new limiter. Good: what the step says; 0 after a rollback, 100 after a promotion.")
                        .query(rollouts("weight"), ROLLOUT),
                Panel.number(
                                "Step",
                                Unit.COUNT,
                                "The present step, from 1, and how many there are. Good: it advances when its hold is over. When it does not, the condition Progressing says what it waits for.")
                        .query(rollouts("step"), ROLLOUT + " step")
                        .query(rollouts("steps"), ROLLOUT + " of"),
                Panel.number(
                                "Next in",
                                Unit.SECONDS,
                                "Until time alone lets the rollout go on. Good: it counts down. Below zero it waits for something else: gates, approval, data or sidecars.")
                        .query(rollouts("next_timestamp_seconds") + " - time()", ROLLOUT));
    }

    private static Row course() {
        return Row.of(
                "Course",
                Panel.graph(
                                "Weight over time",
                                Unit.PERCENT,
                                "What is committed, and what sidecars carry out. Good: the two agree within a second; after a promotion sidecars have no candidate any more and say 0.")
                        .query(rollouts("weight"), ROLLOUT)
                        .query(
                                "max by (namespace, rollout) (" + sidecars("sluice_config_weight") + ")",
                                "sidecars of {{namespace}}/{{rollout}}"),
                Panel.graph(
                                "Stop-loss used up",
                                Unit.RATIO,
                                "Each signal as a share of its threshold. Good: below 80 %. At 100 % for the rule's whole window the rollout goes back by itself: nobody has to do anything but find out why.")
                        .query(
                                rollouts("signal_value") + " / " + rollouts("signal_threshold"),
                                ROLLOUT + " {{signal}} {{scope}}")
                        .warningFrom(0.8)
                        .badFrom(1));
    }

    private static Row signals() {
        return Row.of(
                "Signals against their thresholds",
                signal("ErrorRatio", Unit.RATIO, "Share of the app's answers that are 5xx."),
                signal("LatencyP95", Unit.SECONDS, "95 of 100 answers of the app come sooner."),
                signal("AuthFailures", Unit.RATIO, "Share of requests that failed authentication."),
                signal(
                        "ThrottledRatio",
                        Unit.RATIO,
                        "Share of requests throttled in the candidate arm, less the stable arm's."));
    }

    private static Panel signal(String name, Unit unit, String meaning) {
        var named = "signal=\"" + name + "\"";
        return Panel.graph(
                        name,
                        unit,
                        meaning
                                + " Good: candidate and service below the dashed line. Above it for the rule's window the rollout goes back. A gap is missing data: it holds.")
                .query(rollouts("signal_value", named), ROLLOUT + " {{scope}}")
                .limit(
                        "max by (rollout_namespace, rollout) (" + rollouts("signal_threshold", named) + ")",
                        ROLLOUT + " threshold");
    }

    private static Row sidecarsAndTraffic() {
        return Row.of(
                "Sidecars and traffic",
                Panel.graph(
                                "Sidecars",
                                Unit.COUNT,
                                "Pods by how far their sidecar is. Good: all four lines are one. injected below desired: pods without sidecar; in_sync below connected: a configuration that is refused.")
                        .query(rollouts("sidecars"), ROLLOUT + " {{state}}"),
                Panel.graph(
                                "Requests by arm",
                                Unit.REQUESTS_PER_SECOND,
                                "Good: the candidate's share is near the weight. None in the candidate arm holds the rollout as NoTraffic.")
                        .query(sum(Promql.BY_ARM, rate("sluice_decisions_total")), Promql.ARM));
    }
}
