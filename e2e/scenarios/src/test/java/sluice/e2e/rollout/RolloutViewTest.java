package sluice.e2e.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RolloutViewTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void readsStatus() throws JsonProcessingException {
        var view = RolloutView.of(JSON.readTree("""
                        {"metadata": {"name": "api", "uid": "u", "generation": 3},
                         "status": {"observedGeneration": 3, "phase": "RollingBack", "weight": 0, "epoch": 9,
                           "conditions": [{"type": "Ready", "status": "False", "reason": "ErrorRatio", "message": "m"}],
                           "lastRollback": {"revision": "abc", "reason": "ErrorRatio", "committedAt": "2026-01-01T00:00:00.123Z"}}}
                        """));

        assertThat(view.isNow("RollingBack")).isTrue();
        assertThat(view.epoch()).isEqualTo(9);
        assertThat(view.conditions().get("Ready")).isEqualTo(new ConditionView("Ready", "False", "ErrorRatio", "m"));
        assertThat(view.lastRollback()).hasValueSatisfying(rollback -> {
            assertThat(rollback.committedAt()).hasValue(Instant.parse("2026-01-01T00:00:00.123Z"));
            assertThat(rollback.lastAckAt()).isEmpty();
        });
    }

    @Test
    void aResourceThatNobodyHasLookedAtHasNoPhase() throws JsonProcessingException {
        var view = RolloutView.of(JSON.readTree("{\"metadata\": {\"name\": \"api\", \"generation\": 1}}"));

        assertThat(view.isCurrent()).isFalse();
        assertThat(view.phase()).isEmpty();
        assertThat(view.lastRollback()).isEmpty();
    }

    @Test
    void hooksThatRunOrAreNotThereHaveNoEnd() throws JsonProcessingException {
        assertThat(withHooks("Unknown").endOfHooks()).isEmpty();
        assertThat(RolloutView.of(JSON.readTree("{}")).endOfHooks()).isEmpty();
    }

    @Test
    void hooksThatHaveEndedSayHow() throws JsonProcessingException {
        assertThat(withHooks("True").endOfHooks())
                .hasValueSatisfying(end -> assertThat(end.isTrue()).isTrue());
        assertThat(withHooks("False").endOfHooks())
                .hasValueSatisfying(end -> assertThat(end.message()).isEqualTo("m"));
    }

    private static RolloutView withHooks(String status) throws JsonProcessingException {
        return RolloutView.of(JSON.readTree("""
                        {"status": {"conditions": [{"type": "HooksSucceeded", "status": "%s", "reason": "r", "message": "m"}]}}
                        """.formatted(status)));
    }
}
