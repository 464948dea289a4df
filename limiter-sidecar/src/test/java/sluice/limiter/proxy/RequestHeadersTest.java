package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;

/** What the app is told, and by whom it may have been told. */
@Robustness("HTTP at the sidecar")
class RequestHeadersTest {

    private ProxyHarness proxy;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** What the app got for {@code name} when a client sent {@code lines}; several values joined by commas. */
    private Optional<String> seen(String name, String lines) throws IOException {
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: shop.example:8443\r\n" + lines + "\r\n")
                    .read();
        }
        return Wire.header(name, proxy.app().lastHead());
    }

    @Test
    void tellsTheAppTheArmTheRequestAndItsWay() throws IOException {
        assertThat(seen("X-Sluice-Arm", "")).contains("candidate");
        assertThat(seen("X-Forwarded-For", "")).contains("127.0.0.1");
        assertThat(seen("X-Forwarded-Proto", "")).contains("http");
        assertThat(seen("X-Forwarded-Host", "")).contains("shop.example:8443");
        assertThat(seen("Host", "")).contains("shop.example:8443");
        assertThat(seen("X-Request-Id", "").orElseThrow()).matches("[0-9a-f]{32}");
    }

    @Test
    void believesNothingOfAStranger() throws IOException {
        assertThat(seen("X-Forwarded-For", "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2\r\n"))
                .contains("127.0.0.1");
        assertThat(seen("X-Forwarded-Proto", "X-Forwarded-Proto: https\r\n")).contains("http");
        assertThat(seen("X-Forwarded-Host", "X-Forwarded-Host: evil\r\n")).contains("shop.example:8443");
        assertThat(seen("X-Forwarded-Prefix", "X-Forwarded-Prefix: /evil\r\n")).isEmpty();
        assertThat(seen("Forwarded", "Forwarded: for=10.0.0.1\r\n")).isEmpty();
        assertThat(seen("X-Real-IP", "X-Real-IP: 10.0.0.1\r\n")).isEmpty();
    }

    @Test
    void keepsWhatATrustedProxySaysAndAddsItsAddress() throws IOException {
        proxy.trustLoopback();
        assertThat(seen("X-Forwarded-For", "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n"))
                .contains("192.0.2.1, 192.0.2.2, 127.0.0.1");
        assertThat(seen("X-Forwarded-For", "")).contains("127.0.0.1");
        assertThat(seen("X-Forwarded-Proto", "X-Forwarded-Proto: https\r\n")).contains("https");
        assertThat(seen("X-Forwarded-Host", "X-Forwarded-Host: shop\r\n")).contains("shop");
        assertThat(seen("Forwarded", "Forwarded: for=192.0.2.1\r\n")).contains("for=192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Sluice-Arm", "x-sluice-arm", "X-Sluice-Anything", "X_Sluice_Arm"})
    void removesWhatOnlyTheSidecarMaySay(String name) throws IOException {
        proxy.trustLoopback();
        var sent = seen(name, name + ": stable\r\n");
        assertThat(sent.orElse("")).doesNotContain("stable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X_Forwarded_For", "X-Forwarded_Proto", "X_Real_IP", "X_Request_Id", "X_User_Id"})
    void removesSpellingsThatCgiWouldTakeForOurs(String name) throws IOException {
        proxy.trustLoopback("x-user-id");
        assertThat(seen(name, name + ": forged\r\n")).isEmpty();
    }

    @Test
    void keepsASaneRequestIdAndReplacesOthers() throws IOException {
        assertThat(seen("X-Request-Id", "X-Request-Id: abc-123\r\n")).contains("abc-123");
        var longest = "a".repeat(128);
        assertThat(seen("X-Request-Id", "X-Request-Id: " + longest + "\r\n")).contains(longest);
        assertThat(seen("X-Request-Id", "X-Request-Id: a" + longest + "\r\n").orElseThrow())
                .matches("[0-9a-f]{32}");
        assertThat(seen("X-Request-Id", "X-Request-Id: a b\r\n").orElseThrow()).matches("[0-9a-f]{32}");
        assertThat(seen("X-Request-Id", "X-Request-Id: \u00e9\r\n").orElseThrow())
                .matches("[0-9a-f]{32}");
        assertThat(seen("X-Request-Id", "X-Request-Id: a\r\nX-Request-Id: b\r\n"))
                .contains("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authorization",
                "TE",
                "HTTP2-Settings",
                "Connection",
                "X-Hop"
            })
    void removesHeadersOfTheHop(String name) throws IOException {
        var ofTheHop =
                "Keep-Alive: 5\r\nProxy-Connection: a\r\nProxy-Authorization: b\r\nTE: gzip\r\nHTTP2-Settings: c\r\n";
        assertThat(seen(name, ofTheHop.concat("Connection: X-Hop, keep-alive\r\nX-Hop: d\r\n")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-User-Id",
                "X-WAF-Decision",
                "X-Forwarded-For",
                "X-Request-Id",
                "X-Sluice-Arm",
                "Authorization",
                "Cookie",
                "Host"
            })
    void letsNobodyStripWhatOthersRelyOn(String name) throws IOException {
        proxy.trustLoopback("x-user-id", "x-waf-decision");
        assertThat(seen(
                        name,
                        "Connection: " + name
                                + "\r\nX-User-Id: a\r\nX-WAF-Decision: block\r\nAuthorization: b\r\nCookie: c\r\n"))
                .isPresent();
    }

    @Test
    void stripsAnUpgradeToHttp2() throws IOException {
        var lines = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
        assertThat(seen("Upgrade", lines)).isEmpty();
        assertThat(seen("Connection", lines)).isEmpty();
        assertThat(seen("HTTP2-Settings", lines)).isEmpty();
        assertThat(seen("Upgrade", "Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n"))
                .contains("websocket");
    }

    @Test
    void removesHeadersOfTheHopFromAnswers() throws IOException {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\nKeep-Alive: timeout=5\r\nX-Hop: a\r\n");
            connection.send("Upgrade: h2c\r\nX-App: b\r\nContent-Length: 0\r\n\r\n");
        });
        try (var client = proxy.client()) {
            var head = client.get("/").head();
            assertThat(head).contains("X-App: b");
            assertThat(head).doesNotContainIgnoringCase("x-hop").doesNotContainIgnoringCase("keep-alive:");
            assertThat(head).doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    void showsTheJudgeWhatTheClientSent() throws IOException {
        seen("X-User-Id", "X-User-Id: a\r\nX-Forwarded-For: 192.0.2.1\r\n");
        var asked = proxy.judge().asked().getFirst();
        assertThat(asked.headers().get("X-Forwarded-For")).isEqualTo("192.0.2.1");
        assertThat(asked.peer().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(asked.peer().getAddress()).hasSize(4);
    }
}
