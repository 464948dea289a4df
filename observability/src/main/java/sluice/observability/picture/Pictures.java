package sluice.observability.picture;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
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
     * Of the time before {@code to}, as far as this Prometheus has scraped anything in it.
     *
     * @param length how much of it, at least a minute
     */
    public Pictures(URI prometheus, Choices choices, Instant to, Duration length) {
        this.prometheus = new PrometheusClient(prometheus);
        this.choices = choices;
        span = begun(Span.ending(to, length));
    }

    private Span begun(Span asked) {
        return prometheus.range("count(up)", asked).stream()
                .flatMap(series -> series.points().stream())
                .findFirst()
                .map(first -> asked.beginning(Instant.ofEpochSecond((long) first.at())))
                .orElse(asked);
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
        return drawn(dashboard, samples(dashboard));
    }

    /** What a dashboard's picture is drawn from, as a JSON document. */
    public String samples(Dashboard dashboard) {
        var answers = new TreeMap<String, List<Samples.Series>>();
        dashboard
                .panels()
                .flatMap(panel -> panel.queries().stream())
                .forEach(query -> answers.put(key(query), answer(dashboard, query)));
        return new Samples(span, answers, moments(dashboard)).json();
    }

    /**
     * Draws from such a document.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Drawn drawn(Dashboard dashboard, String document) {
        var samples = Samples.of(document);
        var rows = dashboard.rows().stream()
                .map(row -> row.panels().stream()
                        .map(panel -> lines(panel, samples))
                        .toList())
                .toList();
        var silent = rows.stream()
                .flatMap(List::stream)
                .flatMap(panel ->
                        panel.silent().stream().map(query -> panel.panel().title() + ": " + query.legend()))
                .toList();
        return new Drawn(DashboardPicture.of(dashboard, rows, samples.span(), samples.moments()), silent);
    }

    private static PanelLines lines(Panel panel, Samples samples) {
        var lines = new ArrayList<Line>();
        var silent = new ArrayList<Query>();
        for (var query : panel.queries()) {
            var answer = samples.lines(key(query), query.limit());
            lines.addAll(answer);
            if (answer.stream().allMatch(line -> line.newest().isEmpty())) {
                silent.add(query);
            }
        }
        return new PanelLines(panel, List.copyOf(lines), List.copyOf(silent));
    }

    /** The same query has other lines under another legend. */
    static String key(Query query) {
        return query.legend() + ": " + query.promql();
    }

    private List<Samples.Series> answer(Dashboard dashboard, Query query) {
        return prometheus.range(choices.fill(dashboard, query.promql()), span).stream()
                .map(series -> Samples.Series.of(Line.name(query.legend(), series.labels()), series.points(), span))
                .sorted(Comparator.comparing(Samples.Series::name))
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
