package sluice.demo;

import java.util.Map;

/** What the application says to a request, before it is written. */
record Answer(int status, Object body, Map<String, String> headers) {
    static Answer ok(Object body) {
        return new Answer(200, body, Map.of());
    }

    static Answer created(Object body) {
        return new Answer(201, body, Map.of());
    }

    static Answer error(int status, String message) {
        return new Answer(status, Map.of("error", message), Map.of());
    }

    /** 401 with the challenge of RFC 6750, section 3: no error code when no credentials were sent. */
    static Answer unauthorized(Bearer bearer) {
        return switch (bearer) {
            case Bearer.Missing missing -> challenge("sign in first", "");
            case Bearer.Expired expired ->
                challenge("the token expired", ", error=\"invalid_token\", error_description=\"The token expired\"");
            case Bearer.Invalid invalid ->
                challenge(
                        invalid.why(),
                        ", error=\"invalid_token\", error_description=\"The token is invalid: " + invalid.why() + "\"");
            case Bearer.Verified verified -> throw new IllegalArgumentException("a verified user is not unauthorized");
        };
    }

    private static Answer challenge(String message, String parameters) {
        return new Answer(
                401, Map.of("error", message), Map.of("WWW-Authenticate", "Bearer realm=\"scholarship\"" + parameters));
    }
}
