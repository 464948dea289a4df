package sluice.cli.report;

import static sluice.cli.report.Markup.element;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Panels above each other over the same times, as SVG that needs nothing else.
 *
 * @param title said to whoever cannot see it
 * @param marks what happened
 * @param spans what lasted
 */
public record Chart(String title, Window window, List<Panel> panels, List<Mark> marks, List<Span> spans) {
    private static final int WIDTH = 1000;
    private static final int LEFT = 70;
    private static final int RIGHT = 175;
    private static final int TOP = 34;
    private static final int PANEL = 96;
    private static final int BETWEEN = 34;
    private static final int BELOW = 34;
    static final int LINE = 14;
    static final String TEXT = "#374151";

    /** Something that happened at one time. */
    public record Mark(Instant at, String label, String colour) {}

    /** Something that lasted. */
    public record Span(Instant from, Instant to, String colour) {}

    public Chart {
        panels = List.copyOf(panels);
        marks = List.copyOf(marks);
        spans = List.copyOf(spans);
    }

    public Markup svg() {
        TimeAxis axis = new TimeAxis(window, LEFT, WIDTH - LEFT - RIGHT);
        List<Markup> parts = new ArrayList<>();
        parts.add(element("title", title));
        parts.add(element("rect", Map.of("width", "100%", "height", "100%", "fill", "#ffffff")));
        spans.forEach(span -> parts.add(span(axis, span)));
        for (int i = 0; i < panels.size(); i++) {
            parts.addAll(new PanelDrawing(panels.get(i), axis, top(i), PANEL).parts());
        }
        axis.ticks().forEach(tick -> parts.addAll(tick(axis, tick)));
        parts.add(label(LEFT, bottom() + 30, "UTC, " + day(window.from()), "start", TEXT));
        marks.stream().filter(mark -> window.contains(mark.at())).forEach(mark -> parts.addAll(mark(axis, mark)));
        int height = bottom() + BELOW;
        return element(
                "svg",
                Map.of(
                        "xmlns", "http://www.w3.org/2000/svg",
                        "viewBox", String.format(Locale.ROOT, "0 0 %d %d", WIDTH, height),
                        "width", String.valueOf(WIDTH),
                        "height", String.valueOf(height),
                        "font-family", "system-ui, 'DejaVu Sans', sans-serif",
                        "font-size", "11",
                        "role", "img"),
                Markup.all(parts));
    }

    private static int top(int panel) {
        return TOP + LINE + panel * (PANEL + BETWEEN);
    }

    private int bottom() {
        return top(panels.size() - 1) + PANEL;
    }

    private static String day(Instant at) {
        return at.toString().substring(0, 10);
    }

    private Markup span(TimeAxis axis, Span span) {
        double from = axis.x(span.from().isBefore(window.from()) ? window.from() : span.from());
        double to = axis.x(span.to().isAfter(window.to()) ? window.to() : span.to());
        return element(
                "rect",
                Map.of(
                        "x", number(from),
                        "y", number(TOP),
                        "width", number(Math.max(0, to - from)),
                        "height", number(bottom() - TOP),
                        "fill", span.colour(),
                        "fill-opacity", "0.12"));
    }

    private List<Markup> tick(TimeAxis axis, Instant tick) {
        double x = axis.x(tick);
        return List.of(
                line(x, bottom(), x, bottom() + 4, TEXT, "1", ""),
                label(x, bottom() + 16, axis.text(tick), "middle", TEXT));
    }

    private List<Markup> mark(TimeAxis axis, Mark mark) {
        double x = axis.x(mark.at());
        return List.of(
                line(x, TOP - 6, x, bottom(), mark.colour(), "1.5", "2 2"),
                element("circle", Map.of("cx", number(x), "cy", number(TOP - 14), "r", "9", "fill", mark.colour())),
                label(x, TOP - 10, mark.label(), "middle", "#ffffff"));
    }

    static Markup label(double x, double y, String text, String anchor, String colour) {
        return element(
                "text",
                Map.of("x", number(x), "y", number(y), "text-anchor", anchor, "fill", colour),
                Markup.text(text));
    }

    static Markup line(double x1, double y1, double x2, double y2, String colour, String width, String dashes) {
        return element(
                "line",
                Map.of(
                        "x1", number(x1),
                        "y1", number(y1),
                        "x2", number(x2),
                        "y2", number(y2),
                        "stroke", colour,
                        "stroke-width", width,
                        "stroke-dasharray", dashes));
    }

    /** Pixels to a tenth. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
