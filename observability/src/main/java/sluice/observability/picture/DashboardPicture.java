package sluice.observability.picture;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Panel.Kind;
import sluice.observability.picture.Svg.Anchor;

/** A whole dashboard, row by row. */
final class DashboardPicture {

    private static final double WIDTH = 1480;
    private static final double MARGIN = 20;
    private static final double GAP = 12;
    private static final double SMALL = 9.5;
    private static final double TEXT_LINE = 12;
    private static final double MOMENT_LINE = 15;
    private static final int MOMENTS_BESIDE = 3;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Svg svg = new Svg();
    private final Dashboard dashboard;
    private final Span span;
    private final List<Moment> moments;
    private double y = MARGIN;

    private DashboardPicture(Dashboard dashboard, Span span, List<Moment> moments) {
        this.dashboard = dashboard;
        this.span = span;
        this.moments = moments;
    }

    /**
     * Draws.
     *
     * @param rows what each panel of each row shows
     * @return an SVG
     */
    static String of(Dashboard dashboard, List<List<PanelLines>> rows, Span span, List<Moment> moments) {
        return new DashboardPicture(dashboard, span, moments).draw(rows);
    }

    private String draw(List<List<PanelLines>> rows) {
        heading();
        for (var i = 0; i < rows.size(); i++) {
            y += 18;
            svg.bold(
                    MARGIN,
                    y,
                    12,
                    Svg.GREY,
                    Anchor.START,
                    dashboard.rows().get(i).title().toUpperCase(Locale.ROOT));
            y += 8;
            row(rows.get(i));
        }
        y += MARGIN;
        var background = new Svg();
        background.box(new Box(0, 0, WIDTH, y), "#f6f7f9", "none");
        return background.then(svg).document(WIDTH, y, dashboard.title());
    }

    private void heading() {
        svg.bold(MARGIN, y + 16, 20, Svg.INK, Anchor.START, dashboard.title());
        svg.text(MARGIN, y + 36, 12, Svg.GREY, Anchor.START, dashboard.description());
        var times = "%s to %s UTC"
                .formatted(
                        span.from()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()
                                .replace("T", " ")
                                .replace("Z", ""),
                        TIME.format(span.to()));
        svg.text(WIDTH - MARGIN, y + 16, 12, Svg.GREY, Anchor.END, times);
        y += 44;
        var width = (WIDTH - 2 * MARGIN) / MOMENTS_BESIDE;
        for (var i = 0; i < moments.size(); i++) {
            var moment = moments.get(i);
            var text = "%d  %s  %s".formatted(i + 1, time(moment.at()), moment.text());
            var line = i / MOMENTS_BESIDE;
            svg.text(
                    MARGIN + i % MOMENTS_BESIDE * width,
                    y + 14 + line * MOMENT_LINE,
                    11,
                    "#3f6690",
                    Anchor.START,
                    text);
        }
        y += Math.ceilDiv(moments.size(), MOMENTS_BESIDE) * MOMENT_LINE + 4;
    }

    /** A time of the day, of seconds of the epoch. */
    static String time(double at) {
        return TIME.format(Instant.ofEpochMilli((long) (at * 1e3)));
    }

    private void row(List<PanelLines> panels) {
        var width = (WIDTH - 2 * MARGIN - GAP * (panels.size() - 1)) / panels.size();
        var texts =
                panels.stream().mapToDouble(panel -> texts(panel, width)).max().orElseThrow();
        var contents = panels.stream()
                .mapToDouble(panel -> contents(panel, width))
                .max()
                .orElseThrow();
        for (var i = 0; i < panels.size(); i++) {
            panel(new Box(MARGIN + i * (width + GAP), y, width, texts + contents), texts, panels.get(i));
        }
        y += texts + contents + 4;
    }

    /** How high title and description are. */
    private static double texts(PanelLines panel, double width) {
        return 30 + TEXT_LINE * description(panel, width).size();
    }

    private static List<String> description(PanelLines panel, double width) {
        return Svg.wrap(panel.panel().description(), width - 24, SMALL);
    }

    private static double contents(PanelLines panel, double width) {
        return panel.panel().kind() == Kind.GRAPH ? GraphPicture.height(panel, width) : NumberPicture.HEIGHT;
    }

    private void panel(Box box, double texts, PanelLines panel) {
        svg.box(box, "#ffffff", "#d8dde3");
        svg.bold(
                box.x() + 12,
                box.y() + 19,
                13,
                Svg.INK,
                Anchor.START,
                panel.panel().title());
        var lines = description(panel, box.width());
        for (var i = 0; i < lines.size(); i++) {
            svg.text(box.x() + 12, box.y() + 34 + i * TEXT_LINE, SMALL, Svg.GREY, Anchor.START, lines.get(i));
        }
        var content = box.inset(0, texts, 0, 0);
        if (panel.panel().kind() == Kind.GRAPH) {
            GraphPicture.draw(svg, content, panel, span, moments);
        } else {
            NumberPicture.draw(svg, content, panel, span);
        }
    }
}
