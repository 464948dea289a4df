package sluice.observability.picture;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sluice.observability.dashboard.Choices;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Panel;
import sluice.observability.dashboard.Query;

/** Draws dashboards from what one Prometheus has. */
public final class Pictures implements AutoCloseable {

    private final PrometheusClient prometheus;
    private final Choices choices;
    private final Span span;

    /**
     * Of the time before {@code to}.
     *
     * @param length how much of it, at least a minute
     */
    public Pictures(URI prometheus, Choices choices, Instant to, Duration length) {
        this.prometheus = new PrometheusClient(prometheus);
        this.choices = choices;
        span = Span.ending(to, length);
    }

    /**
     * A picture, and what it could not show.
     *
     * @param svg the file's text
     * @param silent the queries without data, as {@code panel: legend}
     */
    public record Drawn(String svg, List<String> silent) {}

    /** Draws a dashboard. */
    public Drawn draw(Dashboard dashboard) {
        var rows = dashboard.rows().stream()
                .map(row -> row.panels().stream()
                        .map(panel -> lines(dashboard, panel))
                        .toList())
                .toList();
        var silent = rows.stream()
                .flatMap(List::stream)
                .flatMap(panel ->
                        panel.silent().stream().map(query -> panel.panel().title() + ": " + query.legend()))
                .toList();
        return new Drawn(DashboardPicture.of(dashboard, rows, span, moments(dashboard)), silent);
    }

    private PanelLines lines(Dashboard dashboard, Panel panel) {
        var lines = new ArrayList<Line>();
        var silent = new ArrayList<Query>();
        for (var query : panel.queries()) {
            var answer = lines(dashboard, query);
            lines.addAll(answer);
            if (answer.stream().allMatch(line -> line.highest().isEmpty())) {
                silent.add(query);
            }
        }
        return new PanelLines(panel, List.copyOf(lines), List.copyOf(silent));
    }

    private List<Line> lines(Dashboard dashboard, Query query) {
        return prometheus.range(choices.fill(dashboard, query.promql()), span).stream()
                .map(series -> new Line(Line.name(query.legend(), series.labels()), query.limit(), series.points()))
                .sorted(Comparator.comparing(Line::name))
                .toList();
    }

    private List<Moment> moments(Dashboard dashboard) {
        return dashboard.annotations().stream()
                .flatMap(annotation -> prometheus.range(choices.fill(dashboard, annotation.promql()), span).stream()
                        .flatMap(series -> series.points().stream()
                                .map(point -> new Moment(
                                        point.value() / 1e3, Line.name(annotation.text(), series.labels())))))
                .filter(moment -> moment.at() >= span.start() && moment.at() <= span.start() + span.length())
                .distinct()
                .sorted(Comparator.comparingDouble(Moment::at))
                .toList();
    }

    @Override
    public void close() {
        prometheus.close();
    }
}
