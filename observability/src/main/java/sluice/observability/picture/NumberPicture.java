package sluice.observability.picture;

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
        if (panel.panel().kind() == Kind.NAME) {
            var names = panel.lines().stream()
                    .filter(line -> isThere(line, span))
                    .map(Line::name)
                    .distinct()
                    .collect(Collectors.joining(", "));
            svg.bold(x, y, LARGE, Svg.INK, Anchor.START, names.isEmpty() ? "–" : names);
            return;
        }
        var present = panel.lines().stream().filter(line -> isThere(line, span)).toList();
        if (present.isEmpty()) {
            svg.text(x, y, 13, Svg.GREY, Anchor.START, "no data");
            return;
        }
        var newest = present.getFirst().last().orElse(Double.NaN);
        var color = panel.panel().thresholds().isEmpty()
                ? Svg.INK
                : Colors.of(Colors.level(panel.panel().thresholds(), newest));
        course(svg, box, present.getFirst(), span, color);
        svg.bold(x, y, LARGE, color, Anchor.START, panel.panel().unit().format(newest));
        var others = present.stream()
                .skip(1)
                .map(line -> line.name() + " "
                        + panel.panel().unit().format(line.last().orElse(Double.NaN)))
                .collect(Collectors.joining(", "));
        svg.text(box.right() - 14, y, SMALL + 2, Svg.GREY, Anchor.END, others);
    }

    /** Whether it has a value at the end of the span, rather than only before. */
    private static boolean isThere(Line line, Span span) {
        return line.last().isPresent()
                && line.points().getLast().at()
                        > span.start() + span.length() - 1.5 * span.step().toSeconds();
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
