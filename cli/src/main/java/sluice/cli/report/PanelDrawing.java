package sluice.cli.report;

import static sluice.cli.report.Markup.element;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** One panel at its place. */
record PanelDrawing(Panel panel, TimeAxis axis, double top, double height) {
    List<Markup> parts() {
        List<Markup> parts = new ArrayList<>();
        parts.add(element(
                "text",
                Map.of(
                        "x",
                        Chart.number(axis.left()),
                        "y",
                        Chart.number(top - 6),
                        "fill",
                        "#111827",
                        "font-weight",
                        "600"),
                Markup.text(panel.title())));
        grid(parts);
        panel.levels()
                .forEach(level -> parts.add(Chart.line(
                        axis.left(), y(level.value()), end(), y(level.value()), level.colour(), "1.5", "6 3")));
        panel.curves().forEach(curve -> parts.add(curve(curve)));
        legend(parts);
        return parts;
    }

    private double end() {
        return axis.left() + axis.width();
    }

    private double y(double value) {
        return top + height - height * (value - panel.least()) / (panel.most() - panel.least());
    }

    private void grid(List<Markup> parts) {
        double step = panel.unit().step(panel.most() - panel.least());
        for (long number = (long) Math.ceil(panel.least() / step); number * step <= panel.most(); number++) {
            double y = y(number * step);
            parts.add(Chart.line(axis.left(), y, end(), y, number == 0 ? "#9ca3af" : "#e5e7eb", "1", ""));
            parts.add(Chart.label(axis.left() - 6, y + 4, panel.unit().text(number * step), "end", Chart.TEXT));
        }
    }

    private Markup curve(Curve curve) {
        return element(
                "path",
                Map.of(
                        "d", path(curve),
                        "fill", "none",
                        "stroke", curve.colour(),
                        "stroke-width", "1.8",
                        "stroke-linejoin", "round",
                        "stroke-linecap", "round"));
    }

    private String path(Curve curve) {
        StringBuilder path = new StringBuilder();
        boolean down = false;
        for (Curve.Point point : curve.points()) {
            OptionalDouble value = point.value();
            if (value.isPresent()) {
                String x = Chart.number(axis.x(point.at()));
                String y = Chart.number(y(value.getAsDouble()));
                // A point alone is drawn as a dot.
                path.append(
                        down && curve.stepped()
                                ? "H%sV%s".formatted(x, y)
                                : "%s%s %s".formatted(down ? "L" : "M", x, y));
                path.append(down ? "" : "h0");
            }
            down = value.isPresent();
        }
        return path.isEmpty() ? "M0 0" : path.toString();
    }

    private void legend(List<Markup> parts) {
        double x = end() + 10;
        double y = top + 8;
        for (Panel.Level level : panel.levels()) {
            parts.add(Chart.line(x, y - 4, x + 16, y - 4, level.colour(), "1.5", "6 3"));
            parts.add(Chart.label(x + 21, y, level.name(), "start", Chart.TEXT));
            y += Chart.LINE;
        }
        for (Curve curve : panel.curves()) {
            parts.add(Chart.line(x, y - 4, x + 16, y - 4, curve.colour(), "2", ""));
            parts.add(Chart.label(x + 21, y, curve.name() + (curve.isEmpty() ? ": no data" : ""), "start", Chart.TEXT));
            y += Chart.LINE;
        }
    }
}
