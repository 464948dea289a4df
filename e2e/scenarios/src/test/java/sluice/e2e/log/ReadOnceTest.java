package sluice.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReadOnceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** However often the connection breaks, and although reading begins again at a whole second. */
    @Property
    void everyLineIsReadExactlyOnceAcrossReconnects(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 700) Integer> gaps,
            @ForAll @Size(max = 5) List<@IntRange(min = 0, max = 60) Integer> breaks) {
        var written = lines(gaps);
        var once = new ReadOnce();
        List<String> read = new ArrayList<>();

        breaks.forEach(upTo -> read(written, upTo, once, read));
        read(written, written.size(), once, read);

        assertThat(read)
                .containsExactlyElementsOf(written.stream().map(Line::text).toList());
    }

    private record Line(Instant at, String text) {}

    private static List<Line> lines(List<Integer> gaps) {
        List<Line> lines = new ArrayList<>();
        var at = START;
        for (int gap : gaps) {
            at = at.plusMillis(gap);
            lines.add(new Line(at, "line " + lines.size()));
        }
        return lines;
    }

    private static void read(List<Line> written, int upTo, ReadOnce once, List<String> read) {
        long second =
                once.last().equals(Instant.MIN) ? Long.MIN_VALUE : once.last().getEpochSecond();
        written.subList(0, Math.min(upTo, written.size())).stream()
                .filter(line -> line.at().getEpochSecond() >= second)
                .filter(line -> once.accepts(line.at(), line.text()))
                .forEach(line -> read.add(line.text()));
    }
}
