package sluice.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of the load, as vegeta reads it.
 *
 * @param body in base64
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LoadTarget(
        String method,
        String url,
        Map<String, List<String>> header,
        @Nullable String body) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    /** As whoever has this token. */
    static LoadTarget get(String url, String token) {
        return new LoadTarget("GET", url, Map.of("Authorization", List.of("Bearer " + token)), null);
    }

    /** Of this JSON object, as nobody who is known. */
    static LoadTarget post(String url, Map<String, String> body) {
        var header = Map.of("Content-Type", List.of("application/json"));
        return new LoadTarget("POST", url, header, Base64.getEncoder().encodeToString(json(body)));
    }

    /** As one line of JSON. */
    String line() {
        return new String(json(this), UTF_8);
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
