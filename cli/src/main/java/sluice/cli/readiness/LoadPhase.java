package sluice.cli.readiness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import sluice.cli.InvalidInputException;
import sluice.cli.report.Chart;
import sluice.cli.report.Curve;
import sluice.cli.report.Markup;
import sluice.cli.report.Panel;
import sluice.cli.report.Unit;
import sluice.cli.report.Window;

/**
 * A load of constant rate, as its client saw it.
 *
 * @param rate requests a second that were to be sent
 * @param planned seconds that they were to be sent for
 * @param failed without an answer, or with one that is neither a 2xx nor a 429
 * @param throttled answered 429
 * @param p95 in milliseconds
 * @param seconds the same second by second
 */
record LoadPhase(
        Load load,
        int rate,
        double planned,
        long requests,
        long failed,
        long throttled,
        double p95,
        double p99,
        List<Second> seconds) {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String GREEN = "#009e73";
    private static final String RED = "#d0342c";
    private static final String ORANGE = "#c77700";
    private static final String BLUE = "#0072b2";

    /** What was sent in one second. */
    record Second(Instant at, double requests, double failed, double throttled, double p95) {}

    LoadPhase {
        seconds = List.copyOf(seconds);
    }

    /**
     * What came of a load, empty when it was not sent.
     *
     * @throws InvalidInputException when a time in it is none
     */
    static Optional<LoadPhase> of(Evidence evidence, Load load) {
        return evidence.json(load.file()).map(document -> of(load, document));
    }

    private static LoadPhase of(Load load, JsonNode document) {
        return new LoadPhase(
                load,
                document.path("rate").asInt(),
                document.path("planned_seconds").asDouble(),
                document.path("requests").asLong(),
                document.path("failed").asLong(),
                document.path("throttled").asLong(),
                document.path("p95_ms").asDouble(),
                document.path("p99_ms").asDouble(),
                seconds(load.file(), document.path("seconds")));
    }

    private static List<Second> seconds(String file, JsonNode seconds) {
        List<Second> read = seconds.valueStream()
                .map(second -> new Second(
                        time(file, second.path("at").asText()),
                        second.path("requests").asDouble(),
                        second.path("failed").asDouble(),
                        second.path("throttled").asDouble(),
                        second.path("p95_ms").asDouble()))
                .toList();
        for (int i = 1; i < read.size(); i++) {
            if (!read.get(i).at().isAfter(read.get(i - 1).at())
                    || read.get(i).at().isAfter(read.getFirst().at().plus(LONGEST))) {
                throw new InvalidInputException(file + ": seconds: at: must rise, within " + LONGEST);
            }
        }
        return read;
    }

    private static Instant time(String file, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidInputException(file + ": seconds: at: is no time such as 2026-01-01T12:00:00Z");
        }
    }

    /** Requests a second that were sent indeed. */
    double sentRate() {
        return planned > 0 ? requests / planned : 0;
    }

    double throttledShare() {
        return requests == 0 ? 0 : (double) throttled / requests;
    }

    /** Empty where there is nothing to draw. */
    Optional<Markup> chart(double longestMillis) {
        if (seconds.isEmpty()) {
            return Optional.empty();
        }
        Panel latency = new Panel(
                "P95 of each second",
                Unit.TIME,
                List.of(curve(
                        "P95",
                        BLUE,
                        seconds.stream().map(Second::p95).map(ms -> ms / 1000).toList())),
                List.of(new Panel.Level("at most", RED, longestMillis / 1000)));
        Panel answers = new Panel(
                "Requests a second",
                Unit.RATE,
                List.of(
                        curve(
                                "sent",
                                GREEN,
                                seconds.stream().map(Second::requests).toList()),
                        curve(
                                "429",
                                ORANGE,
                                seconds.stream().map(Second::throttled).toList()),
                        curve(
                                "failed",
                                RED,
                                seconds.stream().map(Second::failed).toList())),
                List.of());
        Window window = new Window(seconds.getFirst().at(), seconds.getLast().at(), Duration.ofSeconds(1));
        return Optional.of(new Chart(load.key, window, List.of(latency, answers), List.of(), List.of()).svg());
    }

    private Curve curve(String title, String colour, List<Double> values) {
        return new Curve(
                title,
                colour,
                false,
                IntStream.range(0, seconds.size())
                        .mapToObj(i -> new Curve.Point(seconds.get(i).at(), OptionalDouble.of(values.get(i))))
                        .toList());
    }
}
