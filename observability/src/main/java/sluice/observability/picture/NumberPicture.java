package sluice.observability.picture;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sluice.observability.dashboard.Panel.Kind;
import sluice.observability.picture.Svg.Anchor;

/** The newest value, large, in the colour of how good it is, over its course. */
final class NumberPicture {

    /** Without its texts. */
    static final double HEIGHT = 74;

    private static final double LARGE = 26;
    private static final double SMALL = 10;
    private static final double COURSE = 22;

    private NumberPicture() {}

    static void draw(Svg svg, Box box, PanelLines panel, Span span) {
        var x = box.x() + 12;
        var y = box.y() + 34;
        var newest = newest(panel.lines());
        if (newest.isEmpty()) {
            svg.text(x, y, 13, Svg.GREY, Anchor.START, "no data");
            return;
        }
        var at = newest.getFirst().newest().orElseThrow().at();
        if (at < span.start() + span.length() - 1.5 * span.step().toSeconds()) {
            svg.text(
                    box.right() - 14,
                    box.y() + 14,
                    SMALL,
                    Svg.GREY,
                    Anchor.END,
                    "last seen " + DashboardPicture.time(at));
        }
        if (panel.panel().kind() == Kind.NAME) {
            var names = newest.stream().map(Line::name).distinct().collect(Collectors.joining(", "));
            svg.bold(x, y, LARGE, Svg.INK, Anchor.START, names);
            return;
        }
        var value = value(newest.getFirst());
        var color = panel.panel().thresholds().isEmpty()
                ? Svg.INK
                : Colors.of(Colors.level(panel.panel().thresholds(), value));
        course(svg, box, newest.getFirst(), span, color);
        svg.bold(x, y, LARGE, color, Anchor.START, panel.panel().unit().format(value));
        var others = newest.stream()
                .skip(1)
                .map(line -> line.name() + " " + panel.panel().unit().format(value(line)))
                .collect(Collectors.joining(", "));
        svg.text(box.right() - 14, y, SMALL + 2, Svg.GREY, Anchor.END, others);
    }

    /** The lines that were there last: at the end of the span, or when there was one for the last time. */
    private static List<Line> newest(List<Line> lines) {
        var last = lines.stream()
                .flatMap(line -> line.newest().stream())
                .mapToDouble(Point::at)
                .max();
        return lines.stream()
                .filter(line ->
                        line.newest().isPresent() && line.newest().orElseThrow().at() == last.orElseThrow())
                .toList();
    }

    private static double value(Line line) {
        return line.newest().orElseThrow().value();
    }

    private static void course(Svg svg, Box box, Line line, Span span, String color) {
        var low = Math.min(0, line.lowest().orElse(0));
        var high = Math.max(line.highest().orElse(0), low + 1e-9);
        var bottom = box.bottom() - 4;
        for (var piece : Pieces.of(line.points(), 1.5 * span.step().toSeconds())) {
            var path = new StringBuilder();
            for (var point : piece) {
                path.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        box.x() + 1 + (point.at() - span.start()) / span.length() * (box.width() - 2),
                        bottom - (point.value() - low) / (high - low) * COURSE));
            }
            if (piece.size() > 1) {
                svg.path(path.toString().strip(), color, 1, false);
            }
        }
    }
}
