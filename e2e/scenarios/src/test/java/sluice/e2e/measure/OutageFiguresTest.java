package sluice.e2e.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.e2e.load.LoadResults;
import sluice.e2e.log.Requests;

class OutageFiguresTest {
    @Test
    void countsWhatHappenedDuringTheOutageOnly() {
        var start = Requests.START;
        var logs = Requests.logs(
                Requests.at(start.minusSeconds(1), "user:a", "stable", 1, "memory"),
                Requests.at(start.plusSeconds(1), "user:a", "stable", 1, "memory"),
                Requests.at(start.plusSeconds(2), "user:b", "stable", 1, "redis"),
                Requests.warning(start.plusSeconds(1)),
                Requests.warning(start.plusSeconds(11)));

        assertThat(OutageFigures.of(logs, new LoadResults(List.of()), start, start.plusSeconds(10)))
                .isEqualTo(new OutageFigures(0, 1, 1));
    }

    @Test
    void countsTheWarningThatASidecarGaveInTheFiveMinutesBefore() {
        var start = Requests.START;
        var logs = Requests.logs(Requests.warning(start.minusSeconds(301)), Requests.warning(start.minusSeconds(299)));

        assertThat(OutageFigures.of(logs, new LoadResults(List.of()), start, start.plusSeconds(10))
                        .warnLines())
                .isEqualTo(1);
    }
}
