package sluice.observability.dashboard;

import java.util.List;
import java.util.stream.Stream;

/**
 * A page of panels.
 *
 * @param uid names the file, and the dashboard in Grafana
 * @param description what it answers, for whoever opens it first
 * @param annotations moments to draw into every panel over time
 */
public record Dashboard(
        String uid,
        String title,
        String description,
        List<Variable> variables,
        List<Annotation> annotations,
        List<Row> rows) {

    /** Of rollouts, chosen by namespace and name. */
    Dashboard(String uid, String title, String description, Row... rows) {
        this(uid, title, description, Variable.ROLLOUTS, List.of(), List.of(rows));
    }

    Dashboard with(Variable... more) {
        var all = Stream.concat(variables.stream(), Stream.of(more)).toList();
        return new Dashboard(uid, title, description, all, annotations, rows);
    }

    Dashboard with(Annotation annotation) {
        return new Dashboard(uid, title, description, variables, List.of(annotation), rows);
    }

    /** All of its panels, row by row. */
    public Stream<Panel> panels() {
        return rows.stream().flatMap(row -> row.panels().stream());
    }

    /** Enough to know it by. */
    @Override
    public String toString() {
        return uid;
    }

    /** The file's name, in the chart's folder of dashboards. */
    public String fileName() {
        return uid + ".json";
    }
}
