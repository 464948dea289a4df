package sluice.observability.dashboard;

import static sluice.observability.dashboard.Promql.perSecond;
import static sluice.observability.dashboard.Promql.rate;
import static sluice.observability.dashboard.Promql.share;
import static sluice.observability.dashboard.Promql.sum;

/** What the WAF blocks, as its audit log tells, and what it marks for the sidecars to block. */
final class WafDashboard {

    private static final String BLOCKS = "sluice_waf_blocks_total";
    private static final String BY_NETWORK = "sluice_waf_network_blocks_total";
    private static final String OWNERS = "sluice_operator_network_asn";
    private static final String NARROW = "sluice_waf_narrow_blocks_total";

    private WafDashboard() {}

    static Dashboard dashboard() {
        return new Dashboard(
                "sluice-waf",
                "Sluice / WAF",
                "What is blocked, by which rule, where and from whom, and whether the right ones are.",
                now(),
                blocks(),
                callers(),
                falsePositives());
    }

    private static Row now() {
        return Row.of(
                "Now",
                Panel.number(
                                "Blocked by sidecars",
                                Unit.RATIO,
                                "Share of requests that came with the WAF's verdict block and were answered 403. Good: below 1 %. More is an attack, or a rule that takes customers for one.")
                        .query(share("sluice_decisions_total", "decision=\"block\""), "blocked")
                        .warningFrom(0.01)
                        .badFrom(0.1),
                Panel.number(
                                "Blocked by the WAF",
                                Unit.REQUESTS_PER_SECOND,
                                "Requests that the WAF answered itself. Good: as always. Look at rule and network below before you call it an attack.")
                        .query(sum(perSecond(BLOCKS)), "blocked"),
                Panel.number(
                                "Networks blocked in an hour",
                                Unit.COUNT,
                                "Client networks, /24 or /48, with a blocked request. Good: few. Many at once on one rule are customers, many on many rules a scan.")
                        .query(
                                "count(sum by (network) (increase(" + BY_NETWORK + "[1h])) > 0) or vector(0)",
                                "networks"),
                Panel.number(
                                "Blocks on the edge",
                                Unit.RATIO,
                                "Share of the last hour's blocks whose score was only just enough. Good: small. Attacks score high; a request that one rule alone condemns may be a customer's.")
                        .query("sum(increase(%s[1h])) / sum(increase(%s[1h]))".formatted(NARROW, BLOCKS), "on the edge")
                        .warningFrom(0.5));
    }

    private static Row blocks() {
        return Row.of(
                "Blocks",
                Panel.graph(
                                "By rule",
                                Unit.REQUESTS_PER_SECOND,
                                "Requests blocked, by the first rule that matched. Good: as always. 942 is SQL injection, 941 scripts, 930 traversal, 932 commands, 913 scanners.")
                        .query("topk(8, " + sum("rule", perSecond(BLOCKS)) + ")", "{{rule}}"),
                Panel.graph(
                                "By endpoint",
                                Unit.REQUESTS_PER_SECOND,
                                "Requests blocked, by where they went. Good: other, where nothing is. An endpoint of yours that rises alone may have a new field that a rule dislikes.")
                        .query(sum("endpoint", perSecond(BLOCKS)), "{{endpoint}}"),
                Panel.graph(
                                "By sidecars, by arm",
                                Unit.REQUESTS_PER_SECOND,
                                "Requests with the WAF's verdict, which sidecars answer 403 without taking a token. Good: both arms in proportion to the weight. One arm without: it does not read the verdict.")
                        .query(sum(Promql.BY_ARM, rate("sluice_decisions_total", "decision=\"block\"")), Promql.ARM));
    }

    private static Row callers() {
        return Row.of(
                "From whom",
                Panel.graph(
                                "By client network",
                                Unit.REQUESTS_PER_SECOND,
                                "The eight networks with most blocks. Good: none stands out. One that does is an attacker, or a partner whose client a rule dislikes.")
                        .query("topk(8, " + sum("network", perSecond(BY_NETWORK)) + ")", "{{network}}"),
                Panel.graph(
                                "By ASN",
                                Unit.REQUESTS_PER_SECOND,
                                "By the mmdb file that the operator was given, asn.volume of its chart. Good: none stands out. Unknown are private networks, new ones for half a minute, and all of them while there is no file or it cannot be read: the operator's log says why.")
                        .query(
                                "topk(8, " + byOwner(sum("network", perSecond(BY_NETWORK))) + ")",
                                "{{asn}} {{organization}}"));
    }

    private static Row falsePositives() {
        return Row.of(
                "False positives",
                Panel.graph(
                                "Networks per rule",
                                Unit.COUNT,
                                "How many networks met a rule within an hour. Good: one or two. A rule that many networks meet at once, each a little, is a false positive: look at its messages in the audit log.")
                        .query(
                                "topk(5, count by (rule) (sum by (rule, network) (increase(%s[1h])) > 0))"
                                        .formatted(BY_NETWORK),
                                "{{rule}}")
                        .warningFrom(5),
                Panel.graph(
                                "Blocks on the edge by rule",
                                Unit.REQUESTS_PER_SECOND,
                                "Blocks whose score was only just enough, by rule. Good: flat. One that rises after a deployment of the app dislikes something new: exclude the rule there, not everywhere.")
                        .query("topk(5, " + sum("rule", perSecond(NARROW)) + ")", "{{rule}}"),
                Panel.graph(
                                "Blocks against the last hour",
                                Unit.TIMES,
                                "Five minutes' blocks against the last hour's, by endpoint. Good: around 1; in the first hour it is too high. From 5 on an attack has begun, or a rule or the app has changed; the alert compares with the day, from 12 blocks a minute on.")
                        .query(
                                "sum by (endpoint) (rate(%1$s[5m])) / sum by (endpoint) (rate(%1$s[1h]))"
                                        .formatted(BLOCKS),
                                "{{endpoint}}")
                        .badFrom(5));
    }

    /** What is known by network, by whose the network is. For a moment two replicas may both know that. */
    private static String byOwner(String byNetwork) {
        return "sum by (asn, organization) (%1$s * on (network) group_left (asn, organization) topk by (network) (1, %2$s) or label_replace(%1$s unless on (network) %2$s, \"asn\", \"unknown\", \"\", \"\"))"
                .formatted(byNetwork, OWNERS);
    }
}
