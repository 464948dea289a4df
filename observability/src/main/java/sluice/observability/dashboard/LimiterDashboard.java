package sluice.observability.dashboard;

import static sluice.observability.dashboard.Promql.rate;
import static sluice.observability.dashboard.Promql.share;
import static sluice.observability.dashboard.Promql.shareByArm;
import static sluice.observability.dashboard.Promql.sidecars;
import static sluice.observability.dashboard.Promql.sum;

/** What the limiter decides, where, and what that costs. */
final class LimiterDashboard {

    private static final String DECISIONS = "sluice_decisions_total";
    private static final String BY_LIMIT = "sluice_limit_decisions_total";

    private LimiterDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "sluice-limiter",
                "Sluice / Limiter",
                "Who is let through, who is turned away, where that is decided, and how much time it takes.",
                now(),
                decisions(),
                redis(),
                cost());
    }

    private static Row now() {
        return Row.of(
                "Now",
                Panel.number(
                                "Throttled",
                                Unit.RATIO,
                                "Share of requests answered 429. Good: below 0.5 %. From 5 % on a rollout goes back by itself; look at which limit it is, and whether one caller is behind it.")
                        .query(share(DECISIONS, "decision=\"throttle\""), "throttled")
                        .warningFrom(0.005)
                        .badFrom(0.05),
                Panel.number(
                                "Pods in fallback",
                                Unit.COUNT,
                                "Sidecars that decide in memory because Redis does not answer in time. Good: 0. Otherwise look at Redis; callers are limited all the same, by each pod's share.")
                        .query(sum(sidecars("sluice_fallback_active")), "pods")
                        .badFrom(1),
                Panel.number(
                                "Pods without guard",
                                Unit.COUNT,
                                "Sidecars that went back to the stable limiter because the operator has not been heard of for deadManSwitch. Good: 0. Otherwise see the dashboard Operator.")
                        .query(sum(sidecars("sluice_lease_lost")), "pods")
                        .badFrom(1),
                Panel.number(
                                "Busiest caller",
                                Unit.RATIO,
                                "Share of the last minute's requests that one caller made. Good: small. Near 100 % with many callers, everybody is taken for one: trustedProxies is wrong.")
                        .query("max(" + sidecars("sluice_busiest_identity_ratio") + ")", "share")
                        .warningFrom(0.5)
                        .badFrom(0.9));
    }

    private static Row decisions() {
        return Row.of(
                "Decisions",
                Panel.graph(
                                "Decisions by arm",
                                Unit.REQUESTS_PER_SECOND,
                                "Every request, by arm and by what the limiter said. Good: mostly allow, in both arms. Throttle in one arm alone is what a canary is for: compare the limits.")
                        .query(sum(Promql.BY_ARM + ", decision", rate(DECISIONS)), Promql.ARM + " {{decision}}"),
                Panel.graph(
                                "Decisions by backend",
                                Unit.REQUESTS_PER_SECOND,
                                "Where decisions were taken. Good: redis for a limiter of that backend, off for an arm without limiter. memory where redis is expected is the fallback.")
                        .query(sum("backend", rate(DECISIONS)), "{{backend}}"),
                Panel.graph(
                                "Throttled share by arm",
                                Unit.RATIO,
                                "The signal ThrottledRatio, arm by arm. Good: below 0.5 % for callers within their limits. A canary well above the stable arm has a limit that is too tight.")
                        .query(shareByArm(DECISIONS, "decision=\"throttle\""), Promql.ARM)
                        .warningFrom(0.005)
                        .badFrom(0.05),
                Panel.graph(
                                "Throttled by limit",
                                Unit.REQUESTS_PER_SECOND,
                                "The five limits that turn most away. Good: the limits that are meant to. Another one that rises is too tight for what callers do, or meets one who does too much.")
                        .query("topk(5, " + sum("limit", rate(BY_LIMIT, "decision=\"throttle\"")) + ")", "{{limit}}"));
    }

    private static Row redis() {
        return Row.of(
                "Redis",
                Panel.graph(
                                "Latency of Redis",
                                Unit.SECONDS,
                                "How long Redis took for decisions that it answered in time. Good: P99 below 5 ms. Near 20 ms, the usual timeout, the fallback is next: look at Redis and the network.")
                        .quantiles("sluice_redis_duration_seconds")
                        .warningFrom(0.005)
                        .badFrom(0.02),
                Panel.graph(
                                "Failures of Redis",
                                Unit.PER_SECOND,
                                "Decisions and connections that Redis failed, by reason. Good: none. Each such decision was taken in memory; the reason says what to mend.")
                        .query(sum("reason", rate("sluice_redis_failures_total")), "{{reason}}")
                        .badFrom(1));
    }

    private static Row cost() {
        return Row.of(
                "Tokens and time",
                Panel.graph(
                                "Tokens taken by limit",
                                Unit.REQUESTS_PER_SECOND,
                                "Requests that a limit let through; each takes one token where the limit names no cost. Good: as much as callers need. Flat at what the limit refills means that it binds.")
                        .query(sum("limit", rate(BY_LIMIT, "decision=\"allow\"")), "{{limit}}"),
                Panel.graph(
                                "Latency added by the limiter",
                                Unit.SECONDS,
                                "From the head of a request to its judgement, Redis included. Good: P99 below 5 ms. More with a fast Redis means that the sidecar wants CPU.")
                        .quantiles("sluice_limiter_duration_seconds")
                        .warningFrom(0.005)
                        .badFrom(0.05));
    }
}
