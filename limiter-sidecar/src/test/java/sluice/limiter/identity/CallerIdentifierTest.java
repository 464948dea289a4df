package sluice.limiter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
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

    /** With a header that Netty itself would refuse to make. */
    private static RequestHead unchecked(String peer, String forwardedFor) {
        var head = from(peer);
        var headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.add("X-Forwarded-For", forwardedFor);
        return new RequestHead(head.method(), head.path(), headers, head.peer());
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
            10.1.1.1    | 203.0.113.7,                    | ip:203.0.113.7
            10.1.1.1    | ', ,203.0.113.7,, 10.9.9.9 , ,' | ip:203.0.113.7
            10.1.1.1    | ', ,'                           | ip:10.1.1.1
            10.1.1.1    | 64:ff9b::192.0.2.1              | ip:64:ff9b::/64
            10.1.1.1    | [64:ff9b::192.0.2.1]:443        | ip:64:ff9b::/64
            10.1.1.1    | 203.0.113.7, ::10.2.2.2         | ip:::/64
            10.1.1.1    | 203.0.113.7:http                | ip:10.1.1.1
            10.1.1.1    | 203.0.113.7:                    | ip:10.1.1.1
            10.1.1.1    | 203.0.113                       | ip:10.1.1.1
            10.1.1.1    | 0xcb.0.0x71.7                   | ip:10.1.1.1
            10.1.1.1    | 3405803783                      | ip:10.1.1.1
            10.1.1.1    | _hidden                         | ip:10.1.1.1
            10.1.1.1    | "203.0.113.7"                   | ip:10.1.1.1
            10.1.1.1    | 2001:db8::g                     | ip:10.1.1.1
            10.1.1.1    | [2001:db8::4                    | ip:10.1.1.1
            10.1.1.1    | [2001:db8::4]x                  | ip:10.1.1.1
            10.1.1.1    | [2001:db8:1:2::4]               | ip:2001:db8:1:2::/64
            10.1.1.1    | ::ffff:10.2.2.2, ::ffff:10.3.3.3 | ip:10.2.2.2
            10.1.1.1    | 203.0.113.7, ::ffff:10.3.3.3    | ip:203.0.113.7
            10.1.1.1    | 203.0.113.7, fd00::9, 10.3.3.3  | ip:203.0.113.7
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
    void believesNoForwardedHeaderThatTheProxyMayHaveLetPass() {
        assertThat(byHeader.identify(from("10.1.1.1", "Forwarded", "for=6.6.6.6", "X-Forwarded-For", "203.0.113.7"))
                        .identity())
                .isEqualTo("ip:203.0.113.7");
        assertThat(byHeader.identify(from("10.1.1.1", "Forwarded", "for=6.6.6.6", "X-Real-IP", "6.6.6.6"))
                        .identity())
                .isEqualTo("ip:10.1.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "64, 2001:db8:1:2:3:4:5:6, 2001:db8:1:2:ffff::1, true",
        "64, 2001:db8:1:2:3:4:5:6, 2001:db8:1:3:3:4:5:6, false",
        "56, 2001:db8:1:2::1, 2001:db8:1:ff::1, true",
        "56, 2001:db8:1:2::1, 2001:db8:1:100::1, false",
        "128, 2001:db8::1, 2001:db8::1, true",
        "128, 2001:db8::1, 2001:db8::2, false",
        "32, 2001:db8:1::1, 2001:db8:2::1, true",
    })
    void takesTheAddressesOfOneNetworkForOneCaller(int prefix, String one, String other, boolean same) {
        var byNetwork = new CallerIdentifier(
                new IdentityRules(Optional.empty(), Optional.empty(), List.of(), prefix), Optional.empty());

        assertThat(byNetwork
                        .identify(from(one))
                        .identity()
                        .equals(byNetwork.identify(from(other)).identity()))
                .isEqualTo(same);
    }

    @Property
    void neverFailsAndNamesAnAddressWhateverAProxyPassesOn(@ForAll @StringLength(max = 200) String hops) {
        var identity = byHeader.identify(unchecked("10.1.1.1", hops)).identity();

        assertThat(identity).startsWith("ip:");
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
        assertThat(byHeader.identify(from("10.1.1.1", "Authorization", "Bearerx"))
                        .tokenCheck())
                .isEqualTo(TokenCheck.ABSENT);
        assertThat(byHeader.identify(from("10.1.1.1", "Authorization", "Bearer x"))
                        .tokenCheck())
                .isEqualTo(TokenCheck.UNCHECKED);
    }

    @Test
    void takesTheUserOfAVerifiedTokenWhoeverThePeerIs() {
        var gold = new Claims(Map.of("plan", Set.of("gold")));
        var byToken = new CallerIdentifier(
                IdentityRules.CLIENT_ADDRESS,
                Optional.of(token -> token.equals("good")
                        ? new TokenVerdict(TokenCheck.VALID, Optional.of("alice"), gold)
                        : TokenVerdict.of(TokenCheck.INVALID)));
        var alice = new Caller("user:alice", false, TokenCheck.VALID, gold);
        var stranger = new Caller("ip:192.0.2.1", false, TokenCheck.INVALID, Claims.NONE);

        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "bearer good")))
                .isEqualTo(alice);
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "BEARER   good ")))
                .isEqualTo(alice);
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Bearer bad")))
                .isEqualTo(stranger);
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Bearer")))
                .isEqualTo(stranger);
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Bearer good, Bearer good")))
                .isEqualTo(stranger);
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Bearer good", "Authorization", "Bearer good")))
                .isEqualTo(stranger);
        assertThat(byToken.identify(from("192.0.2.1", "Authorization", "Basic x", "Authorization", "Bearer good")))
                .isEqualTo(stranger);
    }

    @Test
    void logsAHashAndTheKindOfCaller() {
        var key = CallerKey.of("6f0c", "user:alice");

        assertThat(key.logged()).matches("user:[0-9a-f]{16}").doesNotContain("alice");
        assertThat(key.hash()).hasSize(32).startsWith(key.logged().substring(5));
        assertThat(CallerKey.of("6f0d", "user:alice").hash()).isNotEqualTo(key.hash());
    }
}
