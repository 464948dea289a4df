package sluice.cli.report;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines over one axis of values.
 *
 * @param levels values that mean something, drawn all across
 */
public record Panel(String title, Unit unit, List<Curve> curves, List<Level> levels) {
    private static final double ROOM = 1.12;

    /** A value that means something, such as a threshold. */
    public record Level(String name, String colour, double value) {}

    public Panel {
        curves = List.copyOf(curves);
        levels = List.copyOf(levels);
    }

    /** The upper end of the axis: every value and every level is below it. */
    double most() {
        double most = DoubleStream.concat(
                        curves.stream().flatMapToDouble(curve -> curve.most().stream()),
                        levels.stream().mapToDouble(Level::value))
                .max()
                .orElse(0);
        return most > 0 ? most * ROOM : 1;
    }

    /** The lower end: zero, unless there are values below it. */
    double least() {
        return Math.min(
                0,
                curves.stream()
                        .flatMapToDouble(curve -> curve.least().stream())
                        .min()
                        .orElse(0));
    }
}
