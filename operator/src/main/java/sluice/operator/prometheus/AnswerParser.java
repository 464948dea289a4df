package sluice.operator.prometheus;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Samples;

/**
 * Reads the bodies of {@code /api/v1/query} and {@code /api/v1/query_range} strictly.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">Prometheus HTTP API</a>
 */
final class AnswerParser {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+");
    private static final int LONGEST_MESSAGE = 300;
    // Beyond the year 5000 something is wrong with the answer, and arithmetic stays safe.
    private static final BigDecimal LATEST = BigDecimal.valueOf(100_000_000_000L);

    private AnswerParser() {}

    /** Reads a range query's answer. */
    static Answer matrix(byte[] body) {
        return parse(body, "matrix", "values");
    }

    /** Reads an instant query's answer. */
    static Answer vector(byte[] body) {
        return parse(body, "vector", "value");
    }

    /** Reads the answer of status 400: a query that is refused as {@code bad_data}, or anything else. */
    static Answer badRequest(byte[] body) {
        Answer unexplained = new Answer.Failed("Prometheus answered 400");
        try {
            JsonNode root = STRICT.readTree(body);
            boolean refused =
                    root != null && "bad_data".equals(root.path("errorType").textValue());
            String message = refused ? oneLine(root.path("error").asText()) : "";
            return message.isEmpty() ? unexplained : new Answer.Refused(message);
        } catch (IOException e) {
            return unexplained;
        }
    }

    private static String oneLine(String text) {
        String line = text.substring(0, Math.min(text.length(), LONGEST_MESSAGE));
        return CONTROL.matcher(line).replaceAll(" ").strip();
    }

    private static Answer parse(byte[] body, String type, String values) {
        try {
            JsonNode root = STRICT.readTree(body);
            return parse(root == null ? MissingNode.getInstance() : root, type, values);
        } catch (IOException e) {
            return new Answer.Failed("the answer is not JSON");
        } catch (Malformed e) {
            return new Answer.Failed(e.why);
        }
    }

    private static Answer parse(JsonNode root, String type, String values) throws Malformed {
        require("success".equals(root.path("status").textValue()), "the answer is not a success");
        JsonNode warnings = root.path("warnings");
        require(warnings.isMissingNode() || (warnings.isArray() && warnings.isEmpty()), "the answer has warnings");
        JsonNode data = root.path("data");
        require(type.equals(data.path("resultType").textValue()), "the answer is not a " + type);
        JsonNode result = data.path("result");
        require(result.isArray(), "the answer has no result");
        require(result.size() <= 1, "the answer has several series");
        if (result.isEmpty()) {
            return new Answer.Empty();
        }
        JsonNode series = result.path(0).path(values);
        return samples("matrix".equals(type) ? series : STRICT.createArrayNode().add(series));
    }

    private static Answer samples(JsonNode points) throws Malformed {
        require(points.isArray() && !points.isEmpty(), "the series has no samples");
        List<Sample> samples = new ArrayList<>();
        for (JsonNode point : points) {
            require(point.isArray() && point.size() == 2, "a sample is not a pair");
            Sample sample = new Sample(time(point.path(0)), value(point.path(1)));
            require(samples.isEmpty() || samples.getLast().at().isBefore(sample.at()), "the samples are out of order");
            samples.add(sample);
        }
        return new Answer.Series(new Samples(samples));
    }

    private static Instant time(JsonNode node) throws Malformed {
        require(node.isNumber(), "a sample's time is not a number");
        BigDecimal seconds = node.decimalValue();
        require(seconds.signum() >= 0 && seconds.compareTo(LATEST) < 0, "a sample's time is out of range");
        return Instant.ofEpochMilli(
                seconds.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    private static double value(JsonNode node) throws Malformed {
        require(node.isTextual(), "a sample's value is not a string");
        String text = node.textValue();
        require(!text.endsWith("NaN") && !text.endsWith("Inf"), "a sample is not a finite number");
        require(DECIMAL.matcher(text).matches(), "a sample's value is not a decimal");
        double value = Double.parseDouble(text);
        require(Double.isFinite(value), "a sample is not a finite number");
        return value;
    }

    private static void require(boolean holds, String why) throws Malformed {
        if (!holds) {
            throw new Malformed(why);
        }
    }

    /** Carries a reason out of the parser; the answer itself stays inside. */
    private static final class Malformed extends Exception {
        private final String why;

        Malformed(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }
}
