package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.control.TestCertificate;
import sluice.limiter.judge.Backend;

/** A real Redis that speaks TLS. */
class RedisTlsIT {

    private static final TestCertificate CERTIFICATE = TestCertificate.forHost("localhost");

    private RedisServer server;
    private int tlsPort;
    private Path secret;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        var certificate = Files.writeString(folder.resolve("server.crt"), CERTIFICATE.pem());
        var key = Files.writeString(folder.resolve("server.key"), CERTIFICATE.keyPem());
        tlsPort = RedisServer.freePort();
        server = RedisServer.start(
                folder,
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-ca-cert-file",
                certificate.toString(),
                "--tls-auth-clients",
                "optional");
        secret = Files.createDirectory(folder.resolve("redis-limiter"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void write(String scheme, String host, TestCertificate authority) throws IOException {
        RedisServer.writeSecret(secret, scheme + "://:" + server.password() + "@" + host + ":" + tlsPort);
        Files.writeString(secret.resolve("ca.crt"), authority.pem());
    }

    @Test
    void trustsTheAuthorityOfTheSecretAndShowsItsOwnCertificate() throws IOException {
        write("rediss", "localhost", CERTIFICATE);
        Files.writeString(secret.resolve("tls.crt"), CERTIFICATE.pem());
        Files.writeString(secret.resolve("tls.key"), CERTIFICATE.keyPem());
        try (var sidecar = new BackendFixture(secret, 1)) {
            sidecar.awaitRedis();
        }
    }

    @Test
    void theFlagEncryptsWhateverTheSchemeSays() throws IOException {
        write("redis", "localhost", CERTIFICATE);
        Files.writeString(secret.resolve("REDIS_TLS"), "true");
        try (var sidecar = new BackendFixture(secret, 1)) {
            sidecar.awaitRedis();
        }
    }

    @Test
    void aStrangersCertificateIsRefused() throws IOException {
        write("rediss", "localhost", TestCertificate.forHost("localhost"));
        staysInMemory();
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws IOException {
        write("rediss", "127.0.0.1", CERTIFICATE);
        staysInMemory();
    }

    private void staysInMemory() {
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> sidecar.failures(FailureReason.DISCONNECTED) >= 2);
            assertThat(sidecar.backendOf("alice", demand("api", 1, Duration.ofSeconds(1), 1)))
                    .isEqualTo(Backend.MEMORY);
            assertThat(sidecar.decisions()).isZero();
        }
    }
}
