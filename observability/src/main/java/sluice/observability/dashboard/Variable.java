package sluice.observability.dashboard;

import java.util.List;

/** What whoever looks can choose; {@code $name} in queries. */
public sealed interface Variable {

    /** The namespaces and rollouts that there are. */
    List<Variable> ROLLOUTS = List.of(
            new Choice("namespace", "Namespace", "label_values(sluice_config_epoch, namespace)", ".*"),
            new Choice(
                    "rollout",
                    "Rollout",
                    "label_values(sluice_config_epoch{namespace=~\"$namespace\"}, rollout)",
                    ".+"));

    String name();

    /** What it is as long as nobody has chosen, a regular expression. */
    String value();

    /**
     * Some of the values that Prometheus knows.
     *
     * @param query Grafana's, for the values
     * @param value stands for all of them
     */
    record Choice(String name, String label, String query, String value) implements Variable {}

    /** A text. */
    record Text(String name, String label, String value) implements Variable {}
}
