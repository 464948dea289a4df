package sluice.limiter.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.limit.LimitFixture.prefix;
import static sluice.limiter.limit.LimitFixture.request;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.limiter.config.LimitMatch;

class LimitMatchingTest {

    @ParameterizedTest
    @CsvSource({
        "/api, /api, true",
        "/api, /api/, true",
        "/api, /api/users, true",
        "/api, /apis, false",
        "/api, /, false",
        "/api, /API, false",
        "/api/, /api, true",
        "/api/, /api/users, true",
        "/api/, /apis, false",
        "/, /, true",
        "/, /anything, true",
    })
    void aPrefixEndsAtASegmentsEnd(String prefix, String path, boolean matches) {
        assertThat(LimitMatching.matches(prefix(prefix), request(path))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /api;a=1/orders, true",
        "/api, /;a/api/orders, true",
        "/api/orders, /api;a/;b/orders;c=/d, true",
        "/api;a, /api;a/orders, true",
        "/api, /apis;/api, false",
    })
    void parametersEvadeNoPrefix(String prefix, String path, boolean matches) {
        assertThat(LimitMatching.matches(prefix(prefix), request(path))).isEqualTo(matches);
    }

    @Test
    void parametersEvadeNoPath() {
        var login = new LimitMatch(Optional.of("/login"), Optional.empty(), Set.of(), Map.of());

        assertThat(LimitMatching.matches(login, request("/login;jsessionid=1"))).isTrue();
        assertThat(LimitMatching.matches(login, request("/;/login"))).isTrue();
    }

    @Test
    void aPathMatchesAsAWhole() {
        var login = new LimitMatch(Optional.of("/login"), Optional.empty(), Set.of(), Map.of());

        assertThat(LimitMatching.matches(login, request("/login"))).isTrue();
        assertThat(LimitMatching.matches(login, request("/login/"))).isFalse();
    }

    @Test
    void everythingGivenMustHold() {
        var match = new LimitMatch(
                Optional.empty(), Optional.of("/api"), Set.of("GET", "POST"), Map.of("X-Plan", "gold", "X-Beta", "1"));

        assertThat(LimitMatching.matches(match, request("/api", "x-plan", "gold", "X-Beta", "1")))
                .isTrue();
        assertThat(LimitMatching.matches(match, request("/api", "X-Plan", "gold")))
                .isFalse();
        assertThat(LimitMatching.matches(match, request("/api", "X-Plan", "Gold", "X-Beta", "1")))
                .isFalse();
        assertThat(LimitMatching.matches(match, request("/other", "X-Plan", "gold", "X-Beta", "1")))
                .isFalse();
        assertThat(LimitMatching.matches(
                        new LimitMatch(Optional.empty(), Optional.empty(), Set.of("POST"), Map.of()), request("/api")))
                .isFalse();
    }

    @Test
    void aHeaderMatchesAsAWholeAndAsAListThatHasTheValue() {
        var pages =
                new LimitMatch(Optional.empty(), Optional.empty(), Set.of(), Map.of("Accept", "text/html, text/plain"));
        var gold = new LimitMatch(Optional.empty(), Optional.empty(), Set.of(), Map.of("X-Plan", "gold"));

        assertThat(LimitMatching.matches(pages, request("/", "Accept", "text/html, text/plain")))
                .isTrue();
        assertThat(LimitMatching.matches(pages, request("/", "Accept", "text/html")))
                .isFalse();
        assertThat(LimitMatching.matches(gold, request("/", "X-Plan", "silver, gold")))
                .isTrue();
        assertThat(LimitMatching.matches(gold, request("/", "X-Plan", "golden")))
                .isFalse();
    }

    @Test
    void nothingGivenMatchesEverything() {
        assertThat(LimitMatching.matches(LimitMatch.ANY, request("/any"))).isTrue();
    }
}
