package sluice.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void saysHowToGetWhatIsMissing() {
        assertThatThrownBy(() -> Environment.of(Map.of("SLUICE_STATE", "/tmp/sluice")))
                .hasMessage(
                        "SLUICE_WAF_URL is not set: start this by ./demo or ./verify, or with e2e/cluster/in COMMAND");
    }
}
