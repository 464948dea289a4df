package sluice.limiter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Property
    void readsWhatTheMapperReads(@ForAll("values") Object value) throws JsonProcessingException {
        var text = MAPPER.writeValueAsString(value);

        var tree = JsonTree.read(text);

        assertThat(tree).hasToString(MAPPER.readTree(text).toString());
    }

    @Provide
    Arbitrary<Object> values() {
        var scalars = Arbitraries.<Object>oneOf(
                        Arbitraries.strings(),
                        Arbitraries.longs(),
                        Arbitraries.bigIntegers(),
                        Arbitraries.doubles(),
                        Arbitraries.of(true, false))
                .injectNull(0.1);
        return Arbitraries.recursive(
                () -> scalars,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(4),
                        Arbitraries.maps(Arbitraries.strings(), inner).ofMaxSize(4)),
                0,
                3);
    }

    @Example
    void anEmptyTextHasNoValue() throws JsonProcessingException {
        assertThat(JsonTree.read(" ").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1",
                "{\"a\" 1}",
                "{\"a\": 1, \"a\": 2}",
                "{} {}",
                "[1]]",
                "{\"a\": NaN}",
                "tru",
                "'a'",
                "01"
            })
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> JsonTree.read(text))
                .isInstanceOfSatisfying(
                        JsonProcessingException.class,
                        e -> assertThat(e.getLocation()).isNotNull());
    }

    @Example
    void refusesWhatIsNestedTooDeep() {
        assertThatThrownBy(() -> JsonTree.read("[".repeat(100_000))).isInstanceOf(JsonProcessingException.class);
    }
}
