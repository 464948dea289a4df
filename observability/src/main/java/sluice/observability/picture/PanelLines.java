package sluice.observability.picture;

import java.util.List;
import java.util.OptionalDouble;
import sluice.observability.dashboard.Panel;
import sluice.observability.dashboard.Query;

/**
 * A panel and what its queries gave.
 *
 * @param silent the queries without data
 */
record PanelLines(Panel panel, List<Line> lines, List<Query> silent) {

    boolean isEmpty() {
        return silent.size() == panel.queries().size();
    }

    OptionalDouble highest() {
        return lines.stream().flatMapToDouble(line -> line.highest().stream()).max();
    }

    OptionalDouble lowest() {
        return lines.stream().flatMapToDouble(line -> line.lowest().stream()).min();
    }
}
