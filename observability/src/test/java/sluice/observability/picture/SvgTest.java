package sluice.observability.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SvgTest {

    @Test
    void writesTextsThatAreNoMarkup() {
        var svg = new Svg();
        svg.text(1, 2, 10, Svg.INK, Svg.Anchor.START, "<script>\"a\" & b</script>");

        assertThat(svg.document(10, 10, "t"))
                .contains("&lt;script&gt;&quot;a&quot; &amp; b&lt;/script&gt;")
                .doesNotContain("<script>");
    }

    @Test
    void breaksTextsBetweenWords() {
        assertThat(Svg.wrap("one two three four", Svg.width("one two", 10), 10))
                .containsExactly("one two", "three", "four");
    }

    @Test
    void namesALineByItsLegend() {
        var labels = Map.of("arm", "stable", "decision", "$1 {{arm}}");
        assertThat(Line.name("{{arm}} {{decision}} {{nobody}}!", labels)).isEqualTo("stable $1 {{arm}} !");
    }
}
