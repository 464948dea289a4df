package sluice.operator.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads an acknowledgement. What it says ends up in conditions and messages, so it is cut and freed of control characters. */
final class AckBody {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_REASON = 300;
    private static final int LONGEST_FAILURE = 240;
    private static final int MOST_FAILURES = 6;

    private AckBody() {}

    static Optional<Ack> parse(String body, Instant now) {
        try {
            var tree = JSON.readTree(body);
            var epoch = tree.path("epoch");
            var applied = tree.path("applied");
            return epoch.isIntegralNumber() && applied.isBoolean()
                    ? Optional.of(new Ack(
                            epoch.longValue(),
                            applied.booleanValue(),
                            text(tree.path("reason"), LONGEST_REASON),
                            now,
                            failures(tree.path("failures"))))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** An older sidecar sends none; what is no list of texts is none either. */
    private static List<String> failures(JsonNode list) {
        return list.isArray()
                ? StreamSupport.stream(list.spliterator(), false)
                        .filter(JsonNode::isTextual)
                        .limit(MOST_FAILURES)
                        .map(each -> text(each, LONGEST_FAILURE))
                        .toList()
                : List.of();
    }

    private static String text(JsonNode node, int longest) {
        var clean = node.asText("").replaceAll("[\\p{Cc}\\p{Cf}]", " ");
        return clean.length() > longest ? clean.substring(0, longest) : clean;
    }
}
