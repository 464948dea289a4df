package sluice.e2e.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class ManifestTest {
    @Test
    void changesOnlyWhatIsNamed() throws JsonProcessingException {
        var changed = new JsonMapper()
                .readTree(Manifest.ofDemo()
                        .inNamespace("other")
                        .withLimit(7, "1h", 9)
                        .withHolds("1m", "2m")
                        .text());

        assertThat(changed.at("/metadata/namespace").asText()).isEqualTo("other");
        assertThat(changed.at("/spec/limiter/limits/0").toString())
                .isEqualTo(
                        "{\"name\":\"api\",\"match\":{\"pathPrefix\":\"/api\"},\"tokens\":7,\"per\":\"1h\",\"burst\":9}");
        assertThat(changed.at("/spec/strategy/steps/1").toString()).isEqualTo("{\"weight\":100,\"hold\":\"2m\"}");
        assertThat(changed.at("/spec/port").asText()).isEqualTo("http");
    }

    @Test
    void asksForSnapshotsWhereThereWereNone() throws JsonProcessingException {
        var told = new JsonMapper()
                .readTree(Manifest.ofDemo().withSnapshots().text())
                .at("/spec/notifications");

        assertThat(told.at("/slack/channel").asText()).isEqualTo("#oncall");
        assertThat(told.at("/snapshots/every").asText()).isEqualTo("1m");
    }

    @Test
    void aManifestNeverChanges() {
        var original = Manifest.ofDemo();
        var before = original.text();

        assertThat(original.withLimit(7, "1h", 9)).isNotSameAs(original);
        assertThat(original.text()).isEqualTo(before);
    }

    @Test
    void refusesAPlaceThatIsNotThere() {
        assertThatThrownBy(() -> Manifest.ofDemo().with("/spec/nothing/here", 1))
                .hasMessageContaining("/spec/nothing/here");
    }
}
