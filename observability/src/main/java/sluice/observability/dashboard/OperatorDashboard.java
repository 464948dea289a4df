package sluice.observability.dashboard;

import static sluice.observability.dashboard.Promql.perSecond;
import static sluice.observability.dashboard.Promql.rollouts;
import static sluice.observability.dashboard.Promql.sum;

/** How the operator itself is. */
final class OperatorDashboard {

    private static final double DAY = 86_400;
    private static final String EVALUATION = "sluice_operator_evaluation_seconds";
    /** Other processes have metrics of these names as well. */
    private static final String OF_THE_OPERATOR = " and on (namespace, pod) sluice_operator_leader";

    private OperatorDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "sluice-operator",
                "Sluice / Operator",
                "Whether somebody watches the rollouts, in time, and whether the sidecars hear of it.",
                now(),
                evaluation(),
                work(),
                process());
    }

    private static Row now() {
        return Row.of(
                "Now",
                Panel.number(
                                "Leaders",
                                Unit.COUNT,
                                "Replicas that lead. Good: exactly 1. With 0 for longer than deadManSwitch every canary goes back to the stable limiter: look at the operator's pods and its Lease.")
                        .query("sum(sluice_operator_leader)", "leaders")
                        .badBelow(1),
                Panel.number(
                                "Streams",
                                Unit.COUNT,
                                "Sidecars with an open stream. Good: as many as there are injected pods. Fewer: the network, or certificates that sidecars do not trust.")
                        .query("sum(sluice_operator_streams)", "streams"),
                Panel.number(
                                "Certificate valid for",
                                Unit.SECONDS,
                                "Until the first certificate expires. Good: above 30 days, a third of the serving certificate's life, at which it is renewed. Less: the operator may not update its Secret.")
                        .query("min(sluice_operator_certificate_expiry_timestamp_seconds) - time()", "left")
                        .badBelow(21 * DAY),
                Panel.number(
                                "Rollouts rolled back",
                                Unit.COUNT,
                                "Rollouts that are back at the stable limiter and stay there until somebody acts. Good: 0. See the dashboard Rollout for each.")
                        .query(
                                "sum(" + rollouts("phase", "phase=~\"RollingBack|RolledBack\"") + ") or vector(0)",
                                "rollouts")
                        .badFrom(1));
    }

    private static Row evaluation() {
        return Row.of(
                "Evaluation",
                Panel.graph(
                                "Turns by result",
                                Unit.PER_SECOND,
                                "Good: ok, and at most a few conflicts, which are tried again. invalid: a resource that cannot be worked with; error: the API server or a bug, the log says which.")
                        .query(sum("result", perSecond("sluice_operator_reconciles_total")), "{{result}}"),
                Panel.graph(
                                "Time of an evaluation",
                                Unit.SECONDS,
                                "Good: P95 below 1 s. More is mostly Prometheus: a query takes at most 3 s before it counts as missing data.")
                        .query(Promql.quantileOf("0.5", perSecond(EVALUATION + "_bucket")), "P50")
                        .query(Promql.quantileOf("0.95", perSecond(EVALUATION + "_bucket")), "P95")
                        .query(Promql.quantileOf("0.99", perSecond(EVALUATION + "_bucket")), "P99")
                        .warningFrom(1)
                        .badFrom(3),
                Panel.graph(
                                "Evaluation lag",
                                Unit.SECONDS,
                                "How much later than due an evaluation began. Good: below 1 s. Near the rules' interval the operator has more rollouts than CPU: give it more.")
                        .query("max(sluice_operator_evaluation_lag_seconds_max)", "longest")
                        .query(
                                Promql.quantileOf("0.99", perSecond("sluice_operator_evaluation_lag_seconds_bucket")),
                                "P99")
                        .warningFrom(1)
                        .badFrom(10));
    }

    private static Row work() {
        return Row.of(
                "What it does",
                Panel.graph(
                                "Decisions within five minutes",
                                Unit.COUNT,
                                "What was decided, holds left out. Good: Start, Advance, Promote. RollBack is a stop-loss at work: see the dashboard Rollout.")
                        .query(
                                sum("decision", "increase(sluice_operator_decisions_total{decision!=\"Hold\"}[5m])"),
                                "{{decision}}"),
                Panel.graph(
                                "Sidecars out of sync",
                                Unit.COUNT,
                                "Injected pods that have not acknowledged what they are to do. Good: 0 but for seconds. Longer: the condition SidecarsInSync names the pods and why.")
                        .query(
                                "%s - ignoring (state) %s"
                                        .formatted(
                                                rollouts("sidecars", "state=\"injected\""),
                                                rollouts("sidecars", "state=\"in_sync\"")),
                                "{{rollout_namespace}}/{{rollout}}")
                        .badFrom(1),
                Panel.graph(
                                "Notifications within five minutes",
                                Unit.COUNT,
                                "Messages to Slack. Good: sent, or nothing to say. failed is tried again; lost was given up: look at the token and the channel.")
                        .query(sum("result", "increase(sluice_operator_notifications_total[5m])"), "{{result}}"));
    }

    private static Row process() {
        return Row.of(
                "Process",
                Panel.graph(
                                "Heap",
                                Unit.BYTES,
                                "Heap in use of each replica, garbage included, and what it may grow to. Good: a saw whose lower teeth do not rise. Near the limit, raise resources.")
                        .query("sum by (pod) (jvm_memory_used_bytes{area=\"heap\"}" + OF_THE_OPERATOR + ")", "{{pod}}")
                        .limit(
                                "max(sum by (pod) (jvm_memory_max_bytes{area=\"heap\"} > 0" + OF_THE_OPERATOR + "))",
                                "limit"),
                Panel.graph(
                                "CPU",
                                Unit.RATIO,
                                "Share of the CPUs that it may use. Good: below half. More with few rollouts: look at turns and their results.")
                        .query("max by (pod) (process_cpu_usage" + OF_THE_OPERATOR + ")", "{{pod}}")
                        .warningFrom(0.5)
                        .badFrom(0.9));
    }
}
