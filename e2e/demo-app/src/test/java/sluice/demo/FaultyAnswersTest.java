package sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultyAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FaultyAnswers faults = new FaultyAnswers();

    @Test
    void strikesOnlyTheArmItNames() {
        order(Map.of("arm", "candidate", "errorRatio", 1.0));

        assertThat(answer("candidate").status()).isEqualTo(500);
        assertThat(answer("candidate").headers()).containsEntry("X-Demo-Fault", "error");
        assertThat(answer("stable").status()).isEqualTo(200);
        assertThat(answer("").status()).isEqualTo(200);
    }

    @Test
    void refusesLikeAnInvalidToken() {
        order(Map.of("arm", "candidate", "authFailureRatio", 1.0));

        assertThat(answer("candidate").status()).isEqualTo(401);
        assertThat(answer("candidate").headers())
                .containsEntry("X-Demo-Fault", "auth")
                .containsKey("WWW-Authenticate");
    }

    @Test
    void slowsDownAndSaysSo() {
        order(Map.of("arm", "candidate", "latencyMillis", 1));

        assertThat(answer("candidate").headers()).containsEntry("X-Demo-Fault", "latency");
    }

    @Test
    void healsWhenTold() {
        order(Map.of("arm", "candidate", "errorRatio", 1.0));
        DemoApp.order(new Request("DELETE", "/faults", null, null), faults);

        assertThat(answer("candidate").status()).isEqualTo(200);
    }

    @Test
    void refusesAShareAboveOne() {
        assertThat(order(Map.of("arm", "candidate", "errorRatio", 2)).status()).isEqualTo(400);
        assertThat(DemoApp.order(new Request("POST", "/faults", null, null), faults)
                        .status())
                .isEqualTo(400);
    }

    private Answer order(Map<String, Object> body) {
        return DemoApp.order(new Request("POST", "/faults", null, JSON.valueToTree(body)), faults);
    }

    private Answer answer(String arm) {
        return faults.answer(arm, () -> Answer.ok("fine"));
    }
}
