package sluice.observability.picture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Prometheus has answered to a dashboard's queries: all that its picture is drawn from, so that it can be drawn again. At most 240
 * values a series, in six digits.
 *
 * @param answers by query
 */
record Samples(Span span, Map<String, List<Series>> answers, List<Moment> moments) {

    private static final MathContext SIX_DIGITS = new MathContext(6);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One line of an answer.
     *
     * @param name by the query's legend
     * @param values at each step of the span; NaN where there is none
     */
    record Series(String name, List<Double> values) {

        /** Of points that are at steps of the span. */
        static Series of(String name, List<Point> points, Span span) {
            var values = new ArrayList<Double>();
            for (var step = 0; step < span.steps(); step++) {
                values.add(Double.NaN);
            }
            for (var point : points) {
                var step = (int)
                        Math.round((point.at() - span.start()) / span.step().toSeconds());
                if (step >= 0 && step < values.size() && Double.isFinite(point.value())) {
                    values.set(
                            step,
                            new BigDecimal(point.value()).round(SIX_DIGITS).doubleValue());
                }
            }
            return new Series(name, values);
        }

        private List<Point> points(Span span) {
            var points = new ArrayList<Point>();
            for (var step = 0; step < values.size(); step++) {
                points.add(new Point(span.start() + step * span.step().toSeconds(), values.get(step)));
            }
            return points;
        }
    }

    /** What a query has given; nothing where it was not asked. */
    List<Line> lines(String promql, boolean limit) {
        return answers.getOrDefault(promql, List.of()).stream()
                .map(series -> new Line(series.name(), limit, series.points(span)))
                .toList();
    }

    /** As a document, a series a line. */
    String json() {
        var text = new StringBuilder("{\"from\": \"%s\", \"to\": \"%s\", \"step\": %d,\n\"moments\": ["
                .formatted(span.from(), span.to(), span.step().toSeconds()));
        var separator = "\n";
        for (var moment : moments) {
            var object = JSON.createObjectNode().put("at", moment.at()).put("text", moment.text());
            text.append(separator).append(object);
            separator = ",\n";
        }
        text.append("],\n\"series\": [");
        separator = "\n";
        for (var answer : new TreeMap<>(answers).entrySet()) {
            for (var series : answer.getValue()) {
                text.append(separator).append(json(answer.getKey(), series));
                separator = ",\n";
            }
        }
        return text.append("]}\n").toString();
    }

    private static ObjectNode json(String promql, Series series) {
        var object = JSON.createObjectNode().put("query", promql).put("name", series.name());
        var values = object.putArray("values");
        series.values().forEach(value -> {
            if (Double.isFinite(value)) {
                values.add(value);
            } else {
                values.addNull();
            }
        });
        return object;
    }

    /**
     * Reads such a document.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Samples of(String text) {
        try {
            var document = JSON.readTree(text);
            var span = new Span(
                    Instant.parse(document.path("from").asText()),
                    Instant.parse(document.path("to").asText()),
                    Duration.ofSeconds(document.path("step").asLong()));
            var answers = new TreeMap<String, List<Series>>();
            document.path("series")
                    .forEach(series -> answers.computeIfAbsent(
                                    series.path("query").asText(), _ -> new ArrayList<>())
                            .add(series(series)));
            var moments = document.path("moments")
                    .valueStream()
                    .map(moment -> new Moment(
                            moment.path("at").asDouble(), moment.path("text").asText()))
                    .toList();
            return new Samples(span, answers, moments);
        } catch (JsonProcessingException | DateTimeException e) {
            throw new IllegalArgumentException("no samples of a dashboard: " + e.getMessage(), e);
        }
    }

    private static Series series(JsonNode series) {
        var values = series.path("values")
                .valueStream()
                .map(value -> value.isNumber() ? value.asDouble() : Double.NaN)
                .toList();
        return new Series(series.path("name").asText(), values);
    }
}
