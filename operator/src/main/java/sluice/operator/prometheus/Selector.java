package sluice.operator.prometheus;

import sluice.operator.rollout.Scope;

/**
 * The labels that keep a query within one rollout.
 *
 * <p>Every built-in query carries the namespace, which the scrape attaches: a sidecar cannot claim another's.
 */
record Selector(String labels) {
    /** All requests of a rollout. */
    static Selector service(String namespace, String rollout) {
        return new Selector("namespace=" + quoted(namespace) + ",rollout=" + quoted(rollout));
    }

    /** The same rollout's requests in {@code scope}. */
    Selector in(Scope scope, String candidateRevision) {
        return switch (scope) {
            case SERVICE -> this;
            case STABLE -> and("arm", "stable");
            case CANDIDATE -> and("arm", "candidate").and("revision", candidateRevision);
        };
    }

    Selector and(String label, String value) {
        return new Selector(labels + "," + label + "=" + quoted(value));
    }

    Selector andMatching(String label, String pattern) {
        return new Selector(labels + "," + label + "=~" + quoted(pattern));
    }

    String of(String metric) {
        return metric + "{" + labels + "}";
    }

    /** A PromQL string literal. */
    static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
