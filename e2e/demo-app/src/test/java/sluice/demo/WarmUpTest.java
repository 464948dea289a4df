package sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void everyRequestToItselfIsAnsweredWell() throws IOException {
        var tokens = new Tokens(ScholarshipsTest.anyKey(), new ClockForTests());

        assertThat(WarmUp.run(new Scholarships(tokens, "any"), tokens)).isEqualTo(600);
    }
}
