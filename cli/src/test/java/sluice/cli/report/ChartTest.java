package sluice.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Window HOUR = Window.of(BEGIN, BEGIN.plusSeconds(3600), Duration.ofMinutes(10));

    private static Curve curve(double... values) {
        List<Curve.Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new Curve.Point(
                    BEGIN.plusSeconds(600L * i),
                    Double.isNaN(values[i]) ? OptionalDouble.empty() : OptionalDouble.of(values[i])));
        }
        return new Curve("candidate", "#000000", false, points);
    }

    private static String svg(Panel panel) {
        return new Chart("Errors", HOUR, List.of(panel), List.of(), List.of())
                .svg()
                .toString();
    }

    @Test
    void showsUnitsThresholdAndTimes() {
        var svg = svg(new Panel(
                "ErrorRatio",
                Unit.SHARE,
                List.of(curve(0.001, 0.02, 0.05)),
                List.of(new Panel.Level("stop-loss 1% for 5m", "#ff0000", 0.01))));
        assertThat(svg)
                .contains(">ErrorRatio<", ">stop-loss 1% for 5m<", ">0%<", ">2%<", ">4%<", ">00:00<", ">01:00<")
                .contains(">UTC, 2026-01-01<")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void aThresholdThatIsFarAwayIsInThePicture() {
        var panel = new Panel("p", Unit.TIME, List.of(curve(0.01)), List.of(new Panel.Level("t", "#ff0000", 0.3)));
        assertThat(panel.most()).isGreaterThan(0.3);
        assertThat(svg(panel)).contains(">300 ms<");
    }

    @Test
    void aLineHasAGapWhereNothingIsKnown() {
        var svg = svg(new Panel("p", Unit.PLAIN, List.of(curve(1, Double.NaN, 2, 3)), List.of()));
        assertThat(svg.split("d=\"", -1)[1].split("\"", -1)[0].chars().filter(each -> each == 'M'))
                .hasSize(2);
    }

    @Test
    void saysThatThereIsNothing() {
        var svg = svg(new Panel("p", Unit.SHARE, List.of(curve(Double.NaN, Double.NaN)), List.of()));
        assertThat(svg).contains(">candidate: no data<").doesNotContain("NaN");
    }

    @Test
    void marksWhatHappened() {
        var chart = new Chart(
                "<script>alert(1)</script>",
                HOUR,
                List.of(new Panel("p", Unit.PERCENT, List.of(curve(-1, 1)), List.of())),
                List.of(
                        new Chart.Mark(BEGIN.plusSeconds(60), "1", "#00ff00"),
                        new Chart.Mark(BEGIN.minusSeconds(60), "out", "#00ff00")),
                List.of(new Chart.Span(BEGIN.minusSeconds(60), BEGIN.plusSeconds(60), "#ff0000")));
        assertThat(chart.svg().toString()).contains(">1</text>", "fill-opacity").doesNotContain("out", "<script");
    }

    @ParameterizedTest
    @CsvSource({"0.05, 0.02", "1, 0.5", "0.3, 0.1", "7, 2", "1e9, 5e8"})
    void stepsAreRound(double most, double step) {
        assertThat(Unit.PLAIN.step(most)).isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource({
        "SHARE, 0.0125, 1.25%",
        "TIME, 0.12, 120 ms",
        "RATE, 10, 10/s",
        "PLAIN, 1234567, 1230000",
        "PERCENT, 0, 0%"
    })
    void valuesHaveUnits(Unit unit, double value, String text) {
        assertThat(unit.text(value)).isEqualTo(text);
    }

    @Test
    void longWindowsAreLookedAtLessOften() {
        var day = Window.of(BEGIN, BEGIN.plus(Duration.ofDays(1)), Duration.ofSeconds(10));
        assertThat(day.moments()).hasSizeBetween(300, 601);
        assertThat(day.step().toSeconds() % 10).isZero();
        assertThat(Window.of(BEGIN, BEGIN.minusSeconds(5), Duration.ofMillis(500))
                        .moments())
                .containsExactly(BEGIN);
    }
}
