package sluice.observability.dashboard;

import static sluice.observability.dashboard.Promql.rate;
import static sluice.observability.dashboard.Promql.sidecars;
import static sluice.observability.dashboard.Promql.sum;

/** How the sidecars' processes are, pod by pod. */
final class InfraDashboard {

    private static final double MIB = 1024 * 1024;
    private static final String HEAP = "area=\"heap\"";
    private static final String POD = "{{namespace}}/{{pod}}";

    private InfraDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "sluice-infra",
                "Sluice / Infra",
                "Whether the sidecars are up, how much they carry, and what they need for it.",
                now(),
                traffic(),
                resources(),
                process());
    }

    private static Row now() {
        return Row.of(
                "Now",
                Panel.number(
                                "Sidecars",
                                Unit.COUNT,
                                "Sidecars that Prometheus scrapes. Good: one for each pod of the targets. Fewer: pods without sidecar, or a scrape that fails.")
                        .query("count(" + sidecars("sluice_config_epoch") + ")", "sidecars")
                        .badBelow(1),
                Panel.number(
                                "Youngest sidecar",
                                Unit.SECONDS,
                                "Uptime of the sidecar that started last. Good: as long as the last deployment is ago. Minutes, without a deployment, are restarts: look at the pod's events.")
                        .query("min(" + uptime() + ")", "uptime"),
                Panel.number(
                                "Requests",
                                Unit.REQUESTS_PER_SECOND,
                                "Requests that sidecars judged. Good: as always at this hour. Zero means that nobody gets through to the pods.")
                        .query(sum(rate("sluice_decisions_total")), "requests"),
                Panel.number(
                                "Latency P95",
                                Unit.SECONDS,
                                "95 of 100 answers of the app come sooner. Good: below 120 ms; from 300 ms on it is a stop-loss.")
                        .query(Promql.quantile("0.95", "sluice_app_latency_seconds"), "P95")
                        .warningFrom(0.12)
                        .badFrom(0.3));
    }

    private static Row traffic() {
        return Row.of(
                "Traffic",
                Panel.graph(
                                "Requests by pod",
                                Unit.REQUESTS_PER_SECOND,
                                "Good: pods share the load evenly. One that gets all of it is behind long-lived connections; one that gets none is not ready.")
                        .query(sum("namespace, pod", rate("sluice_decisions_total")), POD),
                Panel.graph(
                                "Latency",
                                Unit.SECONDS,
                                "What callers wait for the app. Good: P95 below 120 ms. When P99 rises alone, look at garbage collection and CPU of the app.")
                        .quantiles("sluice_app_latency_seconds")
                        .warningFrom(0.12)
                        .badFrom(0.3),
                Panel.graph(
                                "Uptime by pod",
                                Unit.SECONDS,
                                "Good: lines that only rise. A line that falls to zero is a restart: the pod's last state says why.")
                        .query("max by (namespace, pod) (" + uptime() + ")", POD));
    }

    private static Row resources() {
        return Row.of(
                "CPU and memory",
                Panel.graph(
                                "CPU by pod",
                                Unit.CORES,
                                "Good: in proportion to the requests, below 0.5 cores. Much more for the same load: look at latency, and whether the log is read.")
                        .query(sum("namespace, pod", rate("process_cpu_seconds_total")), POD)
                        .warningFrom(0.5)
                        .badFrom(1),
                Panel.graph(
                                "Memory by pod",
                                Unit.BYTES,
                                "Memory in use, as the container's limit counts it. Good: flat, below 200 MiB. At 256 MiB, the chart's limit, the container is killed: raise sidecar.resources.")
                        .query("max by (namespace, pod) (" + sidecars("process_resident_memory_bytes") + ")", POD)
                        .warningFrom(200 * MIB)
                        .badFrom(256 * MIB),
                Panel.graph(
                                "Heap in use",
                                Unit.RATIO,
                                "Share of the heap, garbage included. Good: a saw whose lower teeth do not rise. Above 90 % for long it is too small.")
                        .query(
                                "max by (namespace, pod) (%s) / on (namespace, pod) max by (namespace, pod) (%s)"
                                        .formatted(
                                                sidecars("jvm_memory_used_bytes", HEAP),
                                                sidecars("jvm_memory_max_bytes", HEAP)),
                                POD)
                        .warningFrom(0.9)
                        .badFrom(0.98));
    }

    private static Row process() {
        return Row.of(
                "Process",
                Panel.graph(
                                "Time in garbage collection",
                                Unit.RATIO,
                                "Share of time in which nothing else ran. Good: below 1 %. More is latency for everybody: give the sidecar more memory.")
                        .query(sum("namespace, pod", rate("jvm_gc_collection_seconds_sum")), POD)
                        .warningFrom(0.01)
                        .badFrom(0.05),
                Panel.graph(
                                "Log lines dropped and clients ended",
                                Unit.PER_SECOND,
                                "Good: 0. Lines that nobody read fast enough (see the node's log collector; requests do not wait), and clients that were reset because all together kept more than there is memory for: who takes nothing of large answers, or sends by halves?")
                        .query(sum("namespace, pod", rate("sluice_log_dropped_total")), POD + " lines")
                        .query(sum("namespace, pod", rate("sluice_clients_ended_total")), POD + " clients")
                        .badFrom(1));
    }

    private static String uptime() {
        return "time() - " + sidecars("process_start_time_seconds");
    }
}
