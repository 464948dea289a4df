package sluice.limiter.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an answer's {@code WWW-Authenticate} says of a token (RFC 9110, section 11.6.1, and RFC 6750, section 3).
 *
 * @param invalidToken {@code error="invalid_token"}: there was a token, wherever the app looks for it, and it is no good
 * @param expired the {@code error_description} speaks of the token's expiry
 */
record Challenge(boolean invalidToken, boolean expired) {

    /** A name and its value; quoted values are passed over whole, so that nothing in them looks like a parameter. */
    private static final Pattern PARAMETER = Pattern.compile(
            "(?<![A-Za-z_-])([A-Za-z_-]++)\\s*+=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s\",]++))");

    private static final String EXPIRY = "expir";

    static Challenge in(HttpHeaders answer) {
        var invalidToken = false;
        var expired = false;
        for (var challenge : answer.getAll(HttpHeaderNames.WWW_AUTHENTICATE)) {
            var parameter = PARAMETER.matcher(challenge);
            while (parameter.find()) {
                var value =
                        (parameter.group(2) != null ? parameter.group(2) : parameter.group(3)).toLowerCase(Locale.ROOT);
                switch (parameter.group(1).toLowerCase(Locale.ROOT)) {
                    case "error" -> invalidToken |= value.equals("invalid_token");
                    case "error_description" -> expired |= value.contains(EXPIRY);
                    default -> {}
                }
            }
        }
        return new Challenge(invalidToken, expired);
    }
}
