package sluice.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimiterDiffTest {
    private static final String LIMITER = """
            {"backend":"Redis","redis":{"secretRef":{"name":"redis"},"timeout":"20ms"},
             "limits":[{"name":"api","tokens":100,"match":{"methods":["GET"]}},{"name":"login","tokens":5}]}""";

    @Test
    void namesEachFieldThatDiffers() {
        var other = LIMITER.replace("100", "10")
                .replace("[\"GET\"]", "[\"GET\",\"POST\"]")
                .replace(",\"timeout\":\"20ms\"", "");
        assertThat(LimiterDiff.of(LIMITER, other).orElseThrow())
                .containsExactly(
                        "limits[api].match.methods: [\"GET\"] -> [\"GET\",\"POST\"]",
                        "limits[api].tokens: 100 -> 10",
                        "redis.timeout: \"20ms\" -> (absent)");
    }

    @Test
    void aLimitThatIsPutInShiftsNoOther() {
        var other = LIMITER.replace("\"limits\":[", "\"limits\":[{\"name\":\"first\",\"tokens\":1},");
        assertThat(LimiterDiff.of(LIMITER, other).orElseThrow()).containsExactly("limits[first].tokens: (absent) -> 1");
    }

    @Test
    void sameIsNoDifferenceAndNonsenseIsNone() {
        assertThat(LimiterDiff.of(LIMITER, LIMITER).orElseThrow()).isEmpty();
        assertThat(LimiterDiff.of(LIMITER, "{")).isEmpty();
    }

    @Test
    void whatHasNoNamesIsCounted() {
        assertThat(LimiterDiff.of("{\"a\":[{\"b\":1},{\"b\":2}]}", "{\"a\":[{\"b\":1},{\"b\":3}]}")
                        .orElseThrow())
                .containsExactly("a[1].b: 2 -> 3");
    }
}
