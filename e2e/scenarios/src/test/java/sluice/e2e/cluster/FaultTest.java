package sluice.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultTest {
    @Test
    void saysInWordsWhatIsWrong() {
        assertThat(Fault.errors(1).inWords()).isEqualTo("100% of requests are answered 500");
        assertThat(Fault.latency(1_500).inWords()).isEqualTo("each answer takes 1500 ms longer");
        assertThat(new Fault(0.3, 600, 0.25).inWords())
                .isEqualTo(
                        "30% of requests are answered 500, each answer takes 600 ms longer, 25% of requests are answered 401");
        assertThat(Fault.NONE.inWords()).isEmpty();
    }
}
