package sluice.observability.dashboard;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Spells what most queries have in common. */
final class Promql {

    /** Of the chosen rollouts' sidecars. */
    private static final String SIDECARS = "namespace=~\"$namespace\",rollout=~\"$rollout\"";

    /** Of two rollouts the arms are not one. */
    static final String BY_ARM = "namespace, rollout, arm";

    /** Names what is {@link #BY_ARM}. */
    static final String ARM = "{{namespace}}/{{rollout}} {{arm}}";

    private static final String WINDOW = "[$__rate_interval]";

    private Promql() {}

    /** A metric of the chosen rollouts' sidecars; matchers such as {@code class="5xx"}. */
    static String sidecars(String metric, String... matchers) {
        return metric
                + Stream.concat(Stream.of(SIDECARS), Stream.of(matchers)).collect(Collectors.joining(",", "{", "}"));
    }

    /** What the operator says of the chosen rollouts, {@code sluice_operator_rollout_...}. */
    static String rollouts(String figure, String... matchers) {
        return "sluice_operator_rollout_" + figure
                + Stream.concat(
                                Stream.of("rollout_namespace=~\"$namespace\"", "rollout=~\"$rollout\""),
                                Stream.of(matchers))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    /** How fast a counter grows, whosever it is. */
    static String perSecond(String selector) {
        return "rate(" + selector + WINDOW + ")";
    }

    /** How fast a counter of the chosen rollouts' sidecars grows, per second. */
    static String rate(String metric, String... matchers) {
        return perSecond(sidecars(metric, matchers));
    }

    static String sum(String expression) {
        return "sum(" + expression + ")";
    }

    /** By these labels, {@code arm, class}. */
    static String sum(String labels, String expression) {
        return "sum by (" + labels + ") (" + expression + ")";
    }

    /** Which part of a counter's growth has the label {@code part}; {@code matchers} choose what it is a part of. */
    static String share(String metric, String part, String... matchers) {
        return sum(rate(metric, and(part, matchers))) + " / " + sum(rate(metric, matchers));
    }

    static String shareByArm(String metric, String part) {
        return sum(BY_ARM, rate(metric, part)) + " / " + sum(BY_ARM, rate(metric));
    }

    private static String[] and(String part, String... matchers) {
        return Stream.concat(Stream.of(matchers), Stream.of(part)).toArray(String[]::new);
    }

    static String quantile(String share, String histogram, String... matchers) {
        return quantileOf(share, rate(histogram + "_bucket", matchers));
    }

    static String quantileOf(String share, String buckets) {
        return "histogram_quantile(" + share + ", " + sum("le", buckets) + ")";
    }
}
