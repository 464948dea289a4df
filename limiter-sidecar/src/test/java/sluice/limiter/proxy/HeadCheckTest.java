package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadCheckTest {

    private static HeadCheck check(String method, String host) {
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/");
        request.headers().set(HttpHeaderNames.HOST, host);
        return HeadCheck.of(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":0", ":80", ":00080", ":00000", ":65535"})
    void takesEveryPortThatMayBeOne(String port) {
        assertThat(check("GET", "app" + port)).isInstanceOf(HeadCheck.Sound.class);
        assertThat(check("GET", "[::1]" + port)).isInstanceOf(HeadCheck.Sound.class);
    }

    // The sign before the digits and the one behind them, other scripts' digits, and what an integer has no room for.
    @ParameterizedTest
    @ValueSource(
            strings = {
                ":65536",
                ":99999",
                ":000080",
                ":4294967376",
                ":+1",
                ":-1",
                ": 80",
                ":8/",
                ":8:",
                "::80",
                ":8a",
                ":\u00b2",
                ":\u0668\u0660",
                ":\uff18\uff10"
            })
    void refusesEveryOtherPort(String port) {
        assertThat(check("GET", "app" + port)).isInstanceOf(HeadCheck.Unsound.class);
        assertThat(check("GET", "[::1]" + port)).isInstanceOf(HeadCheck.Unsound.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "M-SEARCH", "A`", "A|", "~0"})
    void takesAMethodWithoutLowerCase(String method) {
        assertThat(check(method, "app")).isInstanceOf(HeadCheck.Sound.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "GETa", "GETz", "aGET", "zGET", "GeT"})
    void refusesAMethodWithOneLowerCaseLetter(String method) {
        assertThat(check(method, "app")).isInstanceOf(HeadCheck.Unsound.class);
    }
}
