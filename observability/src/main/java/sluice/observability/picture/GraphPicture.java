package sluice.observability.picture;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import sluice.observability.dashboard.Threshold;
import sluice.observability.dashboard.Threshold.Level;
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
    /** Values so much higher than what they must stay below would make that one flat line. */
    private static final double FAR = 3;

    private static final double NEGLIGIBLE = 0.05;
    private static final double LABEL = 9;

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
        scale = Scale.around(lowest(panel, high), high, spelling.factor());
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
        picture.beyond();
        legend(panel, box.width()).draw(svg, box.x() + MARGIN, picture.plot.bottom() + BELOW);
    }

    private static double highest(PanelLines panel) {
        var high = panel.highest().orElse(0);
        var most = ceiling(panel).orElse(Double.POSITIVE_INFINITY) * FAR;
        var near = panel.panel().thresholds().stream()
                .mapToDouble(Threshold::from)
                .filter(from -> Double.isFinite(from) && from <= high * NEAR)
                .map(from -> from * 1.05)
                .max()
                .orElse(0);
        return Math.min(most, Math.max(high, near));
    }

    /** A little below zero is drawn at zero: it is not worth as much of the axis as a round step. */
    private static double lowest(PanelLines panel, double high) {
        var low = panel.lowest().orElse(0);
        return low < -NEGLIGIBLE * high ? low : 0;
    }

    /** What the lines must stay below at most. */
    private static OptionalDouble ceiling(PanelLines panel) {
        var limits = panel.lines().stream().filter(Line::limit).flatMapToDouble(line -> line.highest().stream());
        var thresholds = panel.panel().thresholds().stream()
                .filter(threshold -> !threshold.isBase() && threshold.level() != Level.GOOD)
                .mapToDouble(Threshold::from);
        return DoubleStream.concat(limits, thresholds)
                .filter(value -> value > 0)
                .max();
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

    /** A line each; where their numbers would run into each other there is one text for all of them, such as 3–7. */
    private void moments() {
        var labels = new ArrayList<Label>();
        for (var i = 0; i < moments.size(); i++) {
            var at = x(moments.get(i).at());
            svg.line(at, plot.y(), at, plot.bottom(), "#b4c5d8", 1, true);
            var label = new Label(i + 1, i + 1, at, at);
            while (!labels.isEmpty() && label.left() < labels.getLast().right() + 3) {
                label = labels.removeLast().to(label);
            }
            labels.add(label);
        }
        labels.forEach(label -> svg.text(label.middle(), plot.y() - 2, LABEL, "#3f6690", Anchor.MIDDLE, label.text()));
    }

    /** The numbers of moments that are near each other, and where the first and the last of them are. */
    private record Label(int first, int last, double from, double to) {

        String text() {
            return first == last ? String.valueOf(first) : first + "–" + last;
        }

        double middle() {
            return (from + to) / 2;
        }

        double left() {
            return middle() - Svg.width(text(), LABEL) / 2;
        }

        double right() {
            return middle() + Svg.width(text(), LABEL) / 2;
        }

        Label to(Label later) {
            return new Label(first, later.last, from, later.to);
        }
    }

    /** Values that are off the scale are drawn at its edge. */
    private void beyond() {
        var high = panel.highest().orElse(0);
        if (high > scale.high()) {
            var says = "↑ up to " + panel.panel().unit().format(high);
            svg.text(plot.x() + 4, plot.y() + 9, SMALL, Svg.GREY, Anchor.START, says);
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
        var chosen =
                panel.panel().thresholds().stream().filter(it -> !it.isBase()).toList();
        for (var threshold : chosen) {
            var color = Colors.of(threshold.level());
            var text = unit.format(threshold.from());
            if (threshold.from() <= scale.high()) {
                svg.line(plot.x(), y(threshold.from()), plot.right(), y(threshold.from()), color, 1.2, true);
                // Under its line where the next one is close above.
                var close = chosen.stream()
                        .mapToDouble(other -> y(threshold.from()) - y(other.from()))
                        .anyMatch(pixels -> pixels > 0 && pixels < SMALL + 4);
                var beside = y(threshold.from()) + (close ? SMALL : -3);
                svg.bold(plot.right() - 3, beside, SMALL, color, Anchor.END, text);
            } else {
                var says = threshold.level().name().toLowerCase(Locale.ROOT) + " from " + text + " ↑";
                svg.text(plot.right() - 3, plot.y() + 9 + 12 * beyond++, SMALL, color, Anchor.END, says);
            }
        }
    }
}
