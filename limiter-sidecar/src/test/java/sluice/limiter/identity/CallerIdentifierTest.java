package sluice.limiter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.config.Cidr;
import sluice.limiter.config.IdentityRules;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.judge.TokenCheck;

class CallerIdentifierTest {

    private static final IdentityRules HEADER = new IdentityRules(
            Optional.of("X-User-Id"), Optional.empty(), List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8")), 64);

    private final CallerIdentifier byHeader = new CallerIdentifier(HEADER, Optional.empty());

    private static RequestHead from(String peer, String... headers) {
        var all = new DefaultHttpHeaders();
        for (var at = 0; at < headers.length; at += 2) {
            all.add(headers[at], headers[at + 1]);
        }
        try {
            return new RequestHead("GET", "/", all, InetAddress.getByName(peer));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void believesAUserHeaderFromATrustedProxyOnly() {
        assertThat(byHeader.identify(from("10.1.1.1", "X-User-Id", "alice")).identity())
                .isEqualTo("user:alice");
        assertThat(byHeader.identify(from("192.0.2.1", "X-User-Id", "alice")).identity())
                .isEqualTo("ip:192.0.2.1");
    }

    @Test
    void aUserCannotTakeTheNameOfAnAddress() {
        assertThat(byHeader.identify(from("10.1.1.1", "X-User-Id", "ip:192.0.2.1"))
                        .identity())
                .isEqualTo("user:ip:192.0.2.1");
    }

    @Test
    void countsAnAbsentBlankOversizedOrDoubleUserAsItsAddress() {
        assertThat(byHeader.identify(from("10.1.1.1")).identity()).isEqualTo("ip:10.1.1.1");
        assertThat(byHeader.identify(from("10.1.1.1", "X-User-Id", "")).identity())
                .isEqualTo("ip:10.1.1.1");
        assertThat(byHeader.identify(from("10.1.1.1", "X-User-Id", "u".repeat(257)))
                        .identity())
                .isEqualTo("ip:10.1.1.1");
        assertThat(byHeader.identify(from("10.1.1.1", "X-User-Id", "a", "X-User-Id", "b"))
                        .identity())
                .isEqualTo("ip:10.1.1.1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.1.1.1    | 203.0.113.7                     | ip:203.0.113.7
            10.1.1.1    | 6.6.6.6, 203.0.113.7            | ip:203.0.113.7
            10.1.1.1    | 203.0.113.7, 10.9.9.9           | ip:203.0.113.7
            10.1.1.1    | 203.0.113.7:4711                | ip:203.0.113.7
            10.1.1.1    | 10.2.2.2, 10.3.3.3              | ip:10.2.2.2
            10.1.1.1    | 203.0.113.7, unknown            | ip:10.1.1.1
            10.1.1.1    | 203.0.113.7, unknown, 10.4.4.4  | ip:10.4.4.4
            10.1.1.1    | example.com                     | ip:10.1.1.1
            10.1.1.1    | ''                              | ip:10.1.1.1
            10.1.1.1    | ::ffff:203.0.113.7              | ip:203.0.113.7
            192.0.2.1   | 203.0.113.7                     | ip:192.0.2.1
            fd00::1     | 2001:db8:1:2:3::4               | ip:2001:db8:1:2::/64
            fd00::1     | [2001:db8:1:2:ffff::4]:443      | ip:2001:db8:1:2::/64
            2001:db8::5 | 203.0.113.7                     | ip:2001:db8::/64
            """)
    void takesTheRightMostUntrustedAddress(String peer, String forwardedFor, String identity) {
        assertThat(byHeader.identify(from(peer, "X-Forwarded-For", forwardedFor))
                        .identity())
                .isEqualTo(identity);
    }

    @Test
    void readsSeveralForwardedForHeadersAsOne() {
        assertThat(byHeader.identify(from("10.1.1.1", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "203.0.113.7"))
                        .identity())
                .isEqualTo("ip:203.0.113.7");
    }

    @Test
    void aVeryLongListOfHopsIsNotWalkedToItsEnd() {
        var hops = "6.6.6.6," + "10.0.0.2,".repeat(500) + "10.0.0.1";

        assertThat(byHeader.identify(from("10.1.1.1", "X-Forwarded-For", hops)).identity())
                .isEqualTo("ip:10.0.0.2");
    }

    @Test
    void saysWhatIsKnownOfTheToken() {
        assertThat(byHeader.identify(from("10.1.1.1")).tokenCheck()).isEqualTo(TokenCheck.ABSENT);
        assertThat(byHeader.identify(from("10.1.1.1", "Authorization", "Basic x"))
                        .tokenCheck())
                .isEqualTo(TokenCheck.ABSENT);
        assertThat(byHeader.identify(from("10.1.1.1", "Authorization", "Bearer x"))
                        .tokenCheck())
                .isEqualTo(TokenCheck.UNCHECKED);
    }

    @Test
    void takesTheUserOfAVerifiedTokenWhoeverThePeerIs() {
        var byToken = new CallerIdentifier(
                IdentityRules.CLIENT_ADDRESS,
                Optional.of(token -> token.equals("good")
                        ? new TokenVerdict(TokenCheck.VALID, Optional.of("alice"), Claims.NONE)
                        : TokenVerdict.of(TokenCheck.INVALID)));

        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "bearer good")))
                .isEqualTo(new Caller("user:alice", false, TokenCheck.VALID, Claims.NONE));
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Bearer bad")))
                .isEqualTo(new Caller("ip:192.0.2.1", false, TokenCheck.INVALID, Claims.NONE));
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Bearer good", "Authorization", "Bearer good")))
                .isEqualTo(new Caller("ip:192.0.2.1", false, TokenCheck.INVALID, Claims.NONE));
    }

    @Test
    void logsAHashAndTheKindOfCaller() {
        var key = CallerKey.of("6f0c", "user:alice");

        assertThat(key.logged()).matches("user:[0-9a-f]{16}").doesNotContain("alice");
        assertThat(key.hash()).hasSize(32).startsWith(key.logged().substring(5));
        assertThat(CallerKey.of("6f0d", "user:alice").hash()).isNotEqualTo(key.hash());
    }
}
