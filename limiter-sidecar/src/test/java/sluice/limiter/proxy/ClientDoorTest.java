package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientDoorTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: app\r\n\r\n";

    @Test
    void acceptsNobodyBeyondTheMostUntilSomebodyLeaves() throws IOException {
        try (var proxy = new ProxyHarness(Timeouts.maxConnections(2));
                var first = proxy.client();
                var second = proxy.client()) {
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(second.get("/").status()).isEqualTo(200);
            try (var third = proxy.client()) {
                third.send(GET).socket().setSoTimeout(500);
                assertThatThrownBy(third::read).isInstanceOf(SocketTimeoutException.class);
                assertThat(first.get("/").status()).isEqualTo(200);
                second.socket().close();
                third.socket().setSoTimeout(30_000);
                assertThat(third.read().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "10000000"})
    void takesACountThatMakesSense(String count) {
        assertThatThrownBy(() -> ProxyTuning.from(Map.of("SLUICE_MAX_CONNECTIONS", count)))
                .hasMessageStartingWith("SLUICE_MAX_CONNECTIONS must be")
                .hasMessageContaining(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "-1s", "30", "25h", "2 s", "90000s"})
    void takesATimeThatMakesSense(String time) {
        assertThatThrownBy(() -> ProxyTuning.from(Map.of("SLUICE_HEAD_TIMEOUT", time)))
                .hasMessageStartingWith("SLUICE_HEAD_TIMEOUT must be")
                .hasMessageContaining(time);
    }
}
