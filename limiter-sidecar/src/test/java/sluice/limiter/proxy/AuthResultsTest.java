package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.judge.TokenCheck;
import sluice.limiter.metrics.AuthResult;

/** The table of docs/metrics.md: every combination of status, credentials, token and challenge. */
class AuthResultsTest {

    private static final String PLAIN = "Bearer realm=\"api\"";
    private static final String INVALID_TOKEN = "Bearer error=\"invalid_token\"";
    private static final String EXPIRED_TOKEN =
            "Bearer error=\"invalid_token\", error_description=\"The access token expired\"";

    private static HttpHeaders answer(String... challenges) {
        var headers = new DefaultHttpHeaders();
        headers.add(HttpHeaderNames.WWW_AUTHENTICATE, Arrays.asList(challenges));
        return headers;
    }

    // The four columns: a challenge that says nothing of a token, an invalid token, an expired one; and no challenge is
    // as the first.
    @ParameterizedTest
    @CsvSource(textBlock = """
            200, NONE,          ABSENT,    none,    none,    none
            200, COOKIE,        ABSENT,    none,    none,    none
            200, AUTHORIZATION, ABSENT,    ok,      ok,      ok
            200, AUTHORIZATION, UNCHECKED, ok,      ok,      ok
            200, AUTHORIZATION, VALID,     ok,      ok,      ok
            200, AUTHORIZATION, INVALID,   none,    none,    none
            200, AUTHORIZATION, EXPIRED,   none,    none,    none
            401, NONE,          ABSENT,    missing, invalid, expired
            401, COOKIE,        ABSENT,    missing, invalid, expired
            401, AUTHORIZATION, ABSENT,    invalid, invalid, expired
            401, AUTHORIZATION, UNCHECKED, invalid, invalid, expired
            401, AUTHORIZATION, VALID,     invalid, invalid, expired
            401, AUTHORIZATION, INVALID,   invalid, invalid, expired
            401, AUTHORIZATION, EXPIRED,   expired, expired, expired
            403, NONE,          ABSENT,    missing, invalid, expired
            403, COOKIE,        ABSENT,    none,    invalid, expired
            403, AUTHORIZATION, ABSENT,    ok,      invalid, expired
            403, AUTHORIZATION, UNCHECKED, ok,      invalid, expired
            403, AUTHORIZATION, VALID,     ok,      invalid, expired
            403, AUTHORIZATION, INVALID,   invalid, invalid, expired
            403, AUTHORIZATION, EXPIRED,   expired, expired, expired
            """)
    void readsEveryCombination(
            int status, Credentials credentials, TokenCheck token, String plain, String invalid, String expired) {
        assertThat(result(status, credentials, token)).isEqualTo(plain);
        assertThat(result(status, credentials, token, PLAIN)).isEqualTo(plain);
        assertThat(result(status, credentials, token, INVALID_TOKEN)).isEqualTo(invalid);
        assertThat(result(status, credentials, token, EXPIRED_TOKEN)).isEqualTo(expired);
    }

    private static String result(int status, Credentials credentials, TokenCheck token, String... challenges) {
        return AuthResults.of(status, credentials, token, answer(challenges))
                .name()
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void takesEveryOtherStatusAsItTakesA200() {
        for (var status : new int[] {101, 204, 302, 400, 404, 407, 429, 500, 503}) {
            for (var credentials : Credentials.values()) {
                for (var token : TokenCheck.values()) {
                    assertThat(result(status, credentials, token, EXPIRED_TOKEN))
                            .isEqualTo(result(200, credentials, token, EXPIRED_TOKEN));
                }
            }
        }
    }

    @Test
    void knowsWithoutAnAnswerOnlyThatAValidTokenIsOne() {
        assertThat(Stream.of(TokenCheck.values()).filter(token -> AuthResults.unanswered(token) != AuthResult.NONE))
                .containsExactly(TokenCheck.VALID);
        assertThat(AuthResults.unanswered(TokenCheck.VALID)).isEqualTo(AuthResult.OK);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Bearer error="invalid_token", error_description="Jwt expired at 2026-01-01T12:00:00Z" | true | true
            Bearer error=invalid_token,error_description=expired                                  | true | true
            bearer ERROR = "Invalid_Token" , Error_Description = "token EXPIRED"                  | true | true
            Basic realm="a", Bearer realm="b", error="invalid_token", error_description="Expiry has passed" | true | true
            Bearer error="invalid_token", error_description="The \\"exp\\" says: expired"         | true | true
            Bearer realm="error=invalid_token, error_description=expired"                         | false | false
            Bearer realm="say \\", error=\\"invalid_token\\""                                     | false | false
            Bearer error="insufficient_scope", scope="write"                                      | false | false
            Bearer error="invalid_token", error_description="bad", realm="expired"                | true | false
            Bearer my_error="invalid_token"                                                       | false | false
            Bearer error="invalid_token                                                           | false | false
            Bearer                                                                                | false | false
            """)
    void readsAChallenge(String challenge, boolean invalidToken, boolean expired) {
        assertThat(Challenge.in(answer(challenge))).isEqualTo(new Challenge(invalidToken, expired));
    }

    @Test
    void readsChallengesOfSeveralLines() {
        assertThat(Challenge.in(answer("Basic realm=\"a\"", EXPIRED_TOKEN))).isEqualTo(new Challenge(true, true));
    }

    @Property
    void readsWhateverAnAppSends(@ForAll @StringLength(max = 300) String challenge) {
        var headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.add(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
        assertThat(Challenge.in(headers)).isNotNull();
    }

    @Test
    void readsAVeryLongChallengeInLinearTimeAndConstantStack() {
        for (var unit : new String[] {"\\\"", "a", "a=", "a=\"", "\"", "a ", "a=\\", " "}) {
            assertThat(Challenge.in(answer("Bearer error=\"" + unit.repeat(30_000)))
                            .expired())
                    .isFalse();
        }
    }
}
