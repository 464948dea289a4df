package sluice.operator.reconcile;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.operator.rollout.Signal;

/** The queries of one resource by their names, of which each stands for one query. Rules are read first. */
final class QueryNames {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private final Map<String, Signal.Query> ofRules = new HashMap<>();

    /**
     * A rule's query.
     *
     * @throws IllegalArgumentException naming the field and what would be right
     */
    Signal.Query ofRule(@Nullable String name, @Nullable String promql) {
        var query = new Signal.Query(valid(name), required(promql));
        if (ofRules.put(query.name(), query) != null) {
            throw new IllegalArgumentException("name: another rule is called so, too; choose another name");
        }
        return query;
    }

    /**
     * A gate's query, or that of the rule of the same name.
     *
     * @throws IllegalArgumentException naming the field and what would be right
     */
    Signal.Query ofGate(@Nullable String name, @Nullable String promql) {
        var ofRule = ofRules.get(valid(name));
        if (ofRule == null) {
            return new Signal.Query(valid(name), required(promql));
        }
        if (promql != null && !promql.equals(ofRule.promql())) {
            throw new IllegalArgumentException(
                    "query: the rule of this name has another query; remove this one to use the rule's, or choose another name");
        }
        return ofRule;
    }

    private static String valid(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name: Query needs a name of lower-case letters, digits and '-', such as checkout-errors");
        }
        return name;
    }

    private static String required(@Nullable String promql) {
        if (promql == null || promql.isBlank()) {
            throw new IllegalArgumentException("query: Query needs its PromQL, which must give one series");
        }
        return promql;
    }
}
