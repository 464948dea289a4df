package sluice.observability.picture;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Values along an axis.
 *
 * @param tick between two marks
 */
record Scale(double low, double high, double tick) {

    private static final double MARKS = 4;
    private static final List<Double> ROUND = List.of(1.0, 2.0, 2.5, 5.0, 10.0);

    /**
     * Around values from {@code low} to {@code high}, its marks at round numbers.
     *
     * @param factor what a round number is a multiple of, such as 1,048,576 for MiB
     */
    static Scale around(double low, double high, double factor) {
        var span = high > low ? high - low : Math.max(Math.abs(high), factor);
        var rough = span / factor / MARKS;
        var power = Math.pow(10, Math.floor(Math.log10(rough)));
        var tick = factor
                * power
                * ROUND.stream()
                        .filter(round -> round * power >= rough * (1 - 1e-9))
                        .findFirst()
                        .orElse(10.0);
        return new Scale(Math.floor(low / tick + 1e-9) * tick, Math.ceil((low + span) / tick - 1e-9) * tick, tick);
    }

    List<Double> marks() {
        return IntStream.rangeClosed(0, (int) Math.round((high - low) / tick))
                .mapToObj(mark -> low + mark * tick)
                .toList();
    }

    /** Where a value is between low and high, 0 to 1. */
    double share(double value) {
        return (Math.min(high, Math.max(low, value)) - low) / (high - low);
    }
}
