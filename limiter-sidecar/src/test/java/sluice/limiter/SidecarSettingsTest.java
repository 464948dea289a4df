package sluice.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidecarSettingsTest {

    @Test
    void readsWhatTheWebhookSets() {
        var settings = SidecarSettings.from(Map.of(
                "SLUICE_CONFIG", "/c/limiter.json",
                "SLUICE_PORT", "1",
                "SLUICE_ADMIN_PORT", "2",
                "SLUICE_UPSTREAM", "127.0.0.1:8080",
                "SLUICE_CONTROL_URL", "https://sluice-control.sluice-system.svc:9443",
                "SLUICE_TOKEN_FILE", "/t/token",
                "SLUICE_SECRETS", "/s",
                "SLUICE_DRAIN_TOKEN", "secret"));
        assertThat(settings.port()).isEqualTo(1);
        assertThat(settings.adminPort()).isEqualTo(2);
        assertThat(settings.upstream().getPort()).isEqualTo(8080);
        assertThat(settings.upstream().getHostString()).isEqualTo("127.0.0.1");
        assertThat(settings.drainToken()).isEqualTo("secret");
        assertThat(settings.runtime().config()).isEqualTo(Path.of("/c/limiter.json"));
        assertThat(settings.runtime().controlUrl().orElseThrow()).hasPort(9443);
        assertThat(settings.runtime().tokenFile()).contains(Path.of("/t/token"));
        assertThat(settings.runtime().secrets()).isEqualTo(Path.of("/s"));
    }

    @Test
    void needsNothingButTheAppsAddress() {
        var settings = SidecarSettings.from(Map.of("SLUICE_UPSTREAM", "127.0.0.1:8080", "SLUICE_CONTROL_URL", ""));
        assertThat(settings.port()).isEqualTo(15080);
        assertThat(settings.adminPort()).isEqualTo(15090);
        assertThat(settings.runtime().controlUrl()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SLUICE_UPSTREAM,8080,must be the app's address",
        "SLUICE_UPSTREAM,127.0.0.1:http,must be a port",
        "SLUICE_UPSTREAM,a..b:80,its name have one",
        "SLUICE_PORT,99999,must be a port",
        "SLUICE_ADMIN_PORT,-1,must be a port",
        "SLUICE_CONTROL_URL,http://operator,must be an https URL",
        "SLUICE_CONTROL_URL,https:// x,Illegal character",
    })
    void namesTheVariableThatIsWrongAndWhatWouldBeRight(String name, String value, String why) {
        var environment = new HashMap<>(Map.of("SLUICE_UPSTREAM", "127.0.0.1:8080"));
        environment.put(name, value);
        assertThatThrownBy(() -> SidecarSettings.from(environment))
                .hasMessageStartingWith(name + " ")
                .hasMessageContaining(why)
                .hasMessageContaining(value);
    }

    @Test
    void saysThatTheAppsAddressIsMissing() {
        assertThatThrownBy(() -> SidecarSettings.from(Map.of())).hasMessageStartingWith("SLUICE_UPSTREAM must be");
    }
}
