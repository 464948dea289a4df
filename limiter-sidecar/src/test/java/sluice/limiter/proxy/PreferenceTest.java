package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "TEXT/HTML",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/json;q=0.5, text/html;level=1;q=0.6",
                "text/*, application/json;q=0.9",
                "text/html;q=0.1, */*;q=0",
            })
    void readsAPageRather(String accept) {
        assertThat(Preference.isHtml(List.of(accept))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/json",
                "application/json, text/html;q=0.9",
                "application/problem+json, text/html;q=0.9",
                "text/html;q=0, application/json;q=0.1",
                "text/html;q=0",
                "application/json, text/html",
                "text/html;q=2, */*;q=0.1",
                "text/plain",
                ",;q=,",
            })
    void readsJsonRather(String accept) {
        assertThat(Preference.isHtml(List.of(accept))).isFalse();
    }

    @Test
    void readsSeveralLinesAsOne() {
        assertThat(Preference.isHtml(List.of())).isFalse();
        assertThat(Preference.isHtml(List.of("application/json;q=0.5", "text/html")))
                .isTrue();
    }
}
