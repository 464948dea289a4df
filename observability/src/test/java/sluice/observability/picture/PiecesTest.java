package sluice.observability.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PiecesTest {

    @Test
    void drawsNoLineOverWhatIsMissing() {
        var points = List.of(at(0, 1), at(15, 2), at(30, Double.NaN), at(45, 3), at(90, 4), at(105, 5));

        assertThat(Pieces.of(points, 20))
                .containsExactly(List.of(at(0, 1), at(15, 2)), List.of(at(45, 3)), List.of(at(90, 4), at(105, 5)));
    }

    @Test
    void hasNoPieceOfNothing() {
        assertThat(Pieces.of(List.of(at(0, Double.POSITIVE_INFINITY)), 20)).isEmpty();
    }

    private static Point at(double seconds, double value) {
        return new Point(seconds, value);
    }
}
