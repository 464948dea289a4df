package sluice.limiter.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** To which operator the stream is opened, and when it is opened again. */
class OperatorConnectionTest extends StartedRuntime {

    @Test
    void comesBackWhenTheStreamEndsWithTheTokenThatTheFileHasThen() throws IOException {
        operator.greetWith(config(5));
        startWithOperator();
        Files.writeString(folder.resolve("token"), "token-2");

        operator.dropStreams();

        await().atMost(PATIENCE).until(() -> operator.streams() == 1);
        assertThat(operator.tokens()).endsWith("Bearer token-2");
    }

    @Test
    void keepsTryingWhileItIsTurnedAway() {
        operator.answerStreamsWith(503);
        operator.greetWith(config(5));
        var sidecar = start(Optional.of(operator.url()));
        await().atMost(PATIENCE).until(() -> operator.tokens().size() >= 3);

        operator.answerStreamsWith(200);

        awaitEpoch(sidecar, 5);
    }

    @Test
    void movesOnToTheNextAddressWhenOneDoesNotLead() throws IOException {
        var leader = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        var second = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 2});
        try (var standby = new FakeOperator(CERTIFICATE, second, operator.port())) {
            standby.answerStreamsWith(421);
            operator.greetWith(config(5));

            var sidecar = start(Optional.of(operator.url()), host -> new InetAddress[] {second, leader});

            awaitEpoch(sidecar, 5);
            await().atMost(PATIENCE).until(() -> {
                operator.dropStreams();
                return !standby.tokens().isEmpty();
            });
        }
    }

    @Test
    void trustsOnlyTheBundleAndReadsItAgain() throws IOException {
        var stranger = TestCertificate.forHost("localhost");
        Files.writeString(folder.resolve("ca.crt"), stranger.pem());
        operator.greetWith(config(5));
        var sidecar = start(Optional.of(operator.url()));
        await().during(Duration.ofSeconds(1)).until(() -> operator.tokens().isEmpty());

        // While certificates rotate, the bundle has both.
        Files.writeString(folder.resolve("ca.crt"), stranger.pem() + CERTIFICATE.pem());

        awaitEpoch(sidecar, 5);
    }

    @Test
    void refusesACertificateForAnotherHost() throws IOException {
        var other = TestCertificate.forHost("other.example");
        Files.writeString(folder.resolve("ca.crt"), other.pem() + CERTIFICATE.pem());
        operator.greetWith(config(5));
        try (var impostor = new FakeOperator(other)) {
            impostor.greetWith(config(6));
            var sidecar = start(Optional.of(impostor.url()));

            await().during(Duration.ofSeconds(1)).until(() -> impostor.tokens().isEmpty());
            assertThat(sidecar.config().current().epoch()).isZero();
        }
    }
}
