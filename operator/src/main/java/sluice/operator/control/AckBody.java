package sluice.operator.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Optional;

/** Reads an acknowledgement. Its reason ends up in conditions, so it is cut and freed of control characters. */
final class AckBody {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_REASON = 300;

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
                            reason(tree.path("reason").asText("")),
                            now))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String reason(String text) {
        var clean = text.replaceAll("[\\p{Cc}\\p{Cf}]", " ");
        return clean.length() > LONGEST_REASON ? clean.substring(0, LONGEST_REASON) : clean;
    }
}
