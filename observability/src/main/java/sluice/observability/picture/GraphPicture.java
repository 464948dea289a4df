package sluice.observability.picture;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import sluice.observability.dashboard.Threshold;
import sluice.observability.dashboard.Unit;
import sluice.observability.picture.Svg.Anchor;

/** Lines over time, with axes, thresholds and a legend. */
final class GraphPicture {

    private static final double SMALL = 10;
    private static final double MARGIN = 12;
    private static final double TOP = 18;
    private static final double PLOT = 180;
    private static final double BELOW = 34;
    private static final double LEFT = 66;
    private static final double PER_TIME = 64;
    /** A threshold so much higher than all values would make them one flat line. */
    private static final double NEAR = 4;

    private static final List<Integer> SECONDS =
            List.of(10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600);

    private final Svg svg;
    private final PanelLines panel;
    private final Span span;
    private final List<Moment> moments;
    private final Box plot;
    private final Scale scale;
    private final Unit.Spelling spelling;

    private GraphPicture(Svg svg, Box box, PanelLines panel, Span span, List<Moment> moments) {
        this.svg = svg;
        this.panel = panel;
        this.span = span;
        this.moments = moments;
        plot = new Box(box.x() + LEFT, box.y() + TOP, box.width() - LEFT - 14, PLOT);
        var high = highest(panel);
        spelling = panel.panel().unit().spelling(high);
        scale = Scale.around(Math.min(0, panel.lowest().orElse(0)), high, spelling.factor());
    }

    /** How high it is, with its legend. */
    static double height(PanelLines panel, double width) {
        return TOP + PLOT + BELOW + legend(panel, width).height();
    }

    private static Legend legend(PanelLines panel, double width) {
        return new Legend(panel, width - 2 * MARGIN);
    }

    static void draw(Svg svg, Box box, PanelLines panel, Span span, List<Moment> moments) {
        var picture = new GraphPicture(svg, box, panel, span, moments);
        if (panel.isEmpty()) {
            svg.text(box.x() + box.width() / 2, box.y() + box.height() / 2, 13, Svg.GREY, Anchor.MIDDLE, "no data");
            return;
        }
        picture.axes();
        picture.moments();
        picture.lines();
        picture.thresholds();
        legend(panel, box.width()).draw(svg, box.x() + MARGIN, picture.plot.bottom() + BELOW);
    }

    private static double highest(PanelLines panel) {
        var high = panel.highest().orElse(0);
        var near = panel.panel().thresholds().stream()
                .mapToDouble(Threshold::from)
                .filter(from -> Double.isFinite(from) && from <= high * NEAR)
                .map(from -> from * 1.05)
                .max()
                .orElse(0);
        return Math.max(high, near);
    }

    private double x(double at) {
        return plot.x() + (at - span.start()) / span.length() * plot.width();
    }

    private double y(double value) {
        return plot.bottom() - scale.share(value) * plot.height();
    }

    private void axes() {
        for (var mark : scale.marks()) {
            svg.line(plot.x(), y(mark), plot.right(), y(mark), Svg.FAINT, 1, false);
            svg.text(plot.x() - 6, y(mark) + 3.5, SMALL, Svg.GREY, Anchor.END, spelling.format(mark));
        }
        var every = SECONDS.stream()
                .filter(seconds -> seconds / span.length() * plot.width() >= PER_TIME)
                .findFirst()
                .orElse(86_400);
        var format = DateTimeFormatter.ofPattern(every < 60 ? "HH:mm:ss" : "HH:mm", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        for (var at = Math.ceil(span.start() / every) * every; at <= span.start() + span.length(); at += every) {
            svg.line(x(at), plot.bottom(), x(at), plot.bottom() + 4, Svg.GREY, 1, false);
            svg.text(
                    x(at),
                    plot.bottom() + 15,
                    SMALL,
                    Svg.GREY,
                    Anchor.MIDDLE,
                    format.format(Instant.ofEpochSecond((long) at)));
        }
        svg.line(plot.x(), plot.bottom(), plot.right(), plot.bottom(), Svg.GREY, 1, false);
    }

    private void moments() {
        for (var i = 0; i < moments.size(); i++) {
            var at = x(moments.get(i).at());
            svg.line(at, plot.y(), at, plot.bottom(), "#5b7fa6", 1, true);
            svg.text(at, plot.y() - 2, 9, "#3f6690", Anchor.MIDDLE, String.valueOf(i + 1));
        }
    }

    private void lines() {
        var alone = panel.lines().size() == 1;
        for (var i = panel.lines().size() - 1; i >= 0; i--) {
            var line = panel.lines().get(i);
            for (var piece : Pieces.of(line.points(), 1.5 * span.step().toSeconds())) {
                piece(piece, Colors.of(line, i), line.limit(), alone);
            }
        }
    }

    private void piece(List<Point> points, String color, boolean limit, boolean filled) {
        var path = new StringBuilder();
        points.forEach(point -> path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.at()), y(point.value()))));
        if (points.size() == 1) {
            svg.dot(x(points.getFirst().at()), y(points.getFirst().value()), color);
        } else {
            if (filled) {
                var ends = String.format(
                        Locale.ROOT,
                        "%.1f,%.1f %.1f,%.1f",
                        x(points.getLast().at()),
                        plot.bottom(),
                        x(points.getFirst().at()),
                        plot.bottom());
                svg.area(path + ends, color, 0.12);
            }
            svg.path(path.toString().strip(), color, limit ? 1.4 : 1.8, limit);
        }
    }

    private void thresholds() {
        var unit = panel.panel().unit();
        var beyond = 0;
        for (var threshold :
                panel.panel().thresholds().stream().filter(it -> !it.isBase()).toList()) {
            var color = Colors.of(threshold.level());
            var text = unit.format(threshold.from());
            if (threshold.from() <= scale.high()) {
                svg.line(plot.x(), y(threshold.from()), plot.right(), y(threshold.from()), color, 1.2, true);
                svg.bold(plot.right() - 3, y(threshold.from()) - 3, SMALL, color, Anchor.END, text);
            } else {
                var says = threshold.level().name().toLowerCase(Locale.ROOT) + " from " + text + " ↑";
                svg.text(plot.right() - 3, plot.y() + 9 + 12 * beyond++, SMALL, color, Anchor.END, says);
            }
        }
    }
}
