package sluice.observability.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.dashboard.Query;

/** What a picture says of its samples. */
class PicturesTest {

    private static final Instant FROM = Instant.parse("2026-01-01T12:00:00Z");
    private static final Span SPAN = new Span(FROM, FROM.plusSeconds(600), Duration.ofSeconds(5));
    private static final Dashboard ROLLOUT = Dashboards.all().stream()
            .filter(dashboard -> dashboard.uid().equals("sluice-rollout"))
            .findFirst()
            .orElseThrow();

    static List<Dashboard> dashboards() {
        return Dashboards.all();
    }

    /** Every query of a panel answers with this value, from a step to another. */
    private static Map<String, List<Samples.Series>> answers(String panel, double value, int from, int to) {
        var values = IntStream.range(0, SPAN.steps())
                .mapToObj(step -> step >= from && step <= to ? value : Double.NaN)
                .toList();
        return ROLLOUT.panels()
                .filter(each -> each.title().equals(panel))
                .flatMap(each -> each.queries().stream())
                .collect(Collectors.toMap(
                        Pictures::key, query -> List.of(new Samples.Series(query.legend(), values)), (one, _) -> one));
    }

    private static Pictures.Drawn drawn(Map<String, List<Samples.Series>> answers, List<Moment> moments) {
        return Pictures.drawn(ROLLOUT, new Samples(SPAN, answers, moments).json());
    }

    /** The texts of a panel, from its title to the next one's. */
    private static String panel(Pictures.Drawn drawn, String title) {
        var from = drawn.svg().indexOf(">" + title + "</text>");
        var to = drawn.svg().indexOf("<rect", from);
        return drawn.svg().substring(from, to < 0 ? drawn.svg().length() : to).replaceAll("<[^>]*>", "");
    }

    @Test
    void aNumberThatIsGoneIsSaidWithItsTime() {
        var drawn = drawn(answers("Step", 2, 0, 60), List.of());

        assertThat(panel(drawn, "Step"))
                .contains("last seen 12:05:00", "\n2\n", "of 2")
                .doesNotContain("no data");
        assertThat(drawn.silent()).noneMatch(query -> query.startsWith("Step"));
    }

    @Test
    void aNumberThatIsThereIsSaidAlone() {
        assertThat(panel(drawn(answers("Step", 2, 0, SPAN.steps()), List.of()), "Step"))
                .contains("\n2\n")
                .doesNotContain("last seen");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void whatIsDrawnAsNoDataIsCounted(Dashboard dashboard) {
        var drawn = Pictures.drawn(dashboard, new Samples(SPAN, Map.of(), List.of()).json());

        assertThat(Pattern.compile(">no data<").matcher(drawn.svg()).results().count())
                .isEqualTo(dashboard.panels().count());
        assertThat(drawn.silent())
                .hasSize(dashboard
                        .panels()
                        .mapToInt(each -> each.queries().size())
                        .sum());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void nothingIsCountedWhereEachQueryHasAValue(Dashboard dashboard) {
        var answers = new TreeMap<String, List<Samples.Series>>();
        dashboard
                .panels()
                .flatMap(each -> each.queries().stream())
                .forEach(query -> answers.put(Pictures.key(query), List.of(once(query))));
        var drawn = Pictures.drawn(dashboard, new Samples(SPAN, answers, List.of()).json());

        assertThat(drawn.silent()).isEmpty();
        assertThat(drawn.svg()).doesNotContain(">no data<", "NaN");
    }

    private static Samples.Series once(Query query) {
        return Samples.Series.of(query.legend(), List.of(new Point(SPAN.start() + 100, 0.5)), SPAN);
    }

    @Test
    void numbersOfDecisionsThatAreNearEachOtherAreOneText() {
        var moments = new ArrayList<Moment>();
        for (var i = 0; i < 9; i++) {
            moments.add(new Moment(SPAN.start() + 300 + i, "api: Advance"));
        }
        moments.add(new Moment(SPAN.start() + 500, "api: Promote"));
        var drawn = drawn(answers("Weight over time", 10, 0, SPAN.steps()), moments);

        assertThat(panel(drawn, "Weight over time"))
                .contains("\n1–9\n", "\n10\n")
                .doesNotContain("\n5\n");
    }

    @Test
    void aThresholdIsSeenHoweverHighTheValues() {
        var answers = new TreeMap<>(answers("ErrorRatio", 0.8, 10, 20));
        ROLLOUT.panels()
                .filter(each -> each.title().equals("ErrorRatio"))
                .flatMap(each -> each.queries().stream())
                .filter(Query::limit)
                .forEach(query -> answers.put(
                        Pictures.key(query),
                        List.of(Samples.Series.of(query.legend(), List.of(new Point(SPAN.start(), 0.01)), SPAN))));

        assertThat(panel(drawn(answers, List.of()), "ErrorRatio"))
                .contains("↑ up to 80 %", "1 %", "3 %")
                .doesNotContain("\n60 %\n");
    }

    @Test
    void theSameIsDrawnFromSamplesThatWereKept() {
        var document =
                new Samples(SPAN, answers("Step", 2, 0, 60), List.of(new Moment(SPAN.start() + 1.5, "a"))).json();

        assertThat(Samples.of(document).json()).isEqualTo(document);
        assertThatThrownBy(() -> Pictures.drawn(ROLLOUT, "junk")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pictures.drawn(ROLLOUT, "{}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void beginsWhereDataBegin() {
        assertThat(Span.ending(FROM.plusSeconds(900), Duration.ofMinutes(15))
                        .beginning(FROM.plusSeconds(360))
                        .from())
                .isEqualTo(FROM.plusSeconds(360));
    }

    /** Which is as many values as a series of the samples may have. */
    @ParameterizedTest
    @CsvSource({"1, 2", "239, 240", "240, 121", "478, 240", "480, 161", "900, 226", "3600, 226", "86400, 239"})
    void hasAtMost240Points(long seconds, int points) {
        var length = Duration.ofSeconds(seconds);

        assertThat(Span.ending(FROM, length).steps()).isEqualTo(points);
        assertThat(Span.ending(FROM, length.plusMillis(999)).steps()).isEqualTo(points);
    }
}
