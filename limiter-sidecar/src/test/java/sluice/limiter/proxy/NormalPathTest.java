package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NormalPathTest {

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "a", "b", ".", "..", "/", "//", "%2e", "%2E", "%2f", "%2F", "%25", "%41", "%3b", ";", "%c3%a9",
                        "%", "%0a", "\\", "+", "%00", "~", "%ff", "é")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }

    @Property(tries = 5_000)
    void whatIsForwardedDecodesToWhatIsMatched(@ForAll("paths") String raw) {
        NormalPath.of(raw)
                .ifPresent(path -> assertThat(
                                URLDecoder.decode(path.encoded().replace("+", "%2B"), StandardCharsets.UTF_8))
                        .isEqualTo(path.decoded()));
    }

    @Property(tries = 5_000)
    void aNormalPathStaysAsItIs(@ForAll("paths") String raw) {
        NormalPath.of(raw)
                .ifPresent(path -> assertThat(NormalPath.of(path.encoded())).contains(path));
    }

    @Property(tries = 5_000)
    void aNormalPathHasNoSegmentToStumbleOver(@ForAll("paths") String raw) {
        NormalPath.of(raw)
                .ifPresent(path -> assertThat(path.encoded())
                        .startsWith("/")
                        .doesNotContain("//")
                        .doesNotContainIgnoringCase("%2f")
                        .doesNotContainPattern("/\\.{1,2}(/|$)")
                        .matches("[\\x21-\\x7e]+"));
    }
}
