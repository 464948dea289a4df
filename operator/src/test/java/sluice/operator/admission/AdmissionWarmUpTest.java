package sluice.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class AdmissionWarmUpTest {

    @Test
    void rehearsesAnInjectionFromEndToEnd() throws Exception {
        var settings = InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://control:9443");

        var answer = new ObjectMapper().readTree(new AdmissionWarmUp(settings).review());

        assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
        assertThat(answer.at("/response/warnings")).isEmpty();
        assertThat(answer.at("/response/patchType").asText()).isEqualTo("JSONPatch");
    }
}
