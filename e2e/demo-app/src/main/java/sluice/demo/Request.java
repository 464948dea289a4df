package sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The parts of a request that the application looks at. The body is null when there is none or it is not JSON. */
record Request(
        String method,
        String path,
        @Nullable String authorization,
        @Nullable JsonNode body) {
    /** A text field of the body, empty when it is not there. */
    String text(String field) {
        return body == null ? "" : body.path(field).asText("");
    }
}
