package sluice.operator.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackSettingsTest {

    private static final URI SLACK = URI.create("https://slack.com/api/chat.postMessage");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://slack.com/api/chat.postMessage",
                "https://slack-gov.com/api/chat.postMessage",
                "http://127.0.0.1:8080/x",
                "http://localhost/x",
                "http://relay/x",
                "http://relay.tools.svc:80/x",
                "http://relay.tools.svc.cluster.local/x"
            })
    void postsTo(String url) {
        assertThat(new SlackSettings(null, null, URI.create(url), List.of()).url())
                .hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://slack.com/api/chat.postMessage",
                "http://10.0.0.1/x",
                "http://127.0.0.1.evil.com/x",
                "http://svc.example.com/x",
                "https://user:password@slack.com/",
                "file:///etc/passwd",
                "slack.com"
            })
    void doesNotPostTo(String url) {
        assertThatThrownBy(() -> new SlackSettings(null, null, URI.create(url), List.of()))
                .hasMessageStartingWith("slack.url: must begin with https://");
    }

    @Test
    void isABotOrAWebhook() {
        assertThatThrownBy(() -> new SlackSettings(Path.of("a"), Path.of("b"), SLACK, List.of()))
                .hasMessage("slack: set tokenFile or webhookFile, not both");
    }

    @Test
    void refusesAChannelThatCanBeNone() {
        assertThatThrownBy(() -> new SlackSettings(null, null, SLACK, List.of("#oncall", "oncall")))
                .hasMessageStartingWith("slack.channels: 'oncall' is neither");
    }

    @ParameterizedTest
    @CsvSource({
        "#oncall,     true",
        "#oncall2,    false",
        "#team-a,     true",
        "#team-,      true",
        "#team,       false",
        "C024BE91L,   true",
        "C024BE91M,   false"
    })
    void allowsWhatItsOwnerAllows(String channel, boolean allowed) {
        var settings = new SlackSettings(null, null, SLACK, List.of("#oncall", "#team-*", "C024BE91L"));

        assertThat(settings.allows(channel)).isEqualTo(allowed);
        assertThat(SlackSettings.NONE.allows(channel)).isTrue();
    }
}
