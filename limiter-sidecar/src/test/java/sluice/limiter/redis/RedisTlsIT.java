package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.demand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.control.TestCertificate;
import sluice.limiter.judge.Backend;

/** A real Redis that speaks TLS. */
class RedisTlsIT {

    private static final TestCertificate AUTHORITY = TestCertificate.authority();

    private Path folder;
    private Path secret;
    private int tlsPort;
    private @Nullable RedisServer running;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        secret = Files.createDirectory(folder.resolve("redis-limiter"));
        tlsPort = RedisServer.freePort();
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private RedisServer serve(TestCertificate certificate, String... more) throws IOException {
        writeServerFiles(certificate, AUTHORITY);
        var options = new ArrayList<>(List.of("--tls-port", Integer.toString(tlsPort), "--tls-cert-file"));
        options.add(folder.resolve("server.crt").toString());
        options.addAll(List.of("--tls-key-file", folder.resolve("server.key").toString()));
        options.addAll(
                List.of("--tls-ca-cert-file", folder.resolve("clients.crt").toString()));
        options.addAll(List.of(more));
        var server = RedisServer.start(folder, options.toArray(String[]::new));
        running = server;
        return server;
    }

    private void writeServerFiles(TestCertificate certificate, TestCertificate clients) throws IOException {
        Files.writeString(folder.resolve("server.crt"), certificate.pem());
        Files.writeString(folder.resolve("server.key"), certificate.keyPem());
        Files.writeString(folder.resolve("clients.crt"), clients.pem());
    }

    private void write(RedisServer server, String scheme, String host, TestCertificate authority) throws IOException {
        write(server, scheme, host, authority, "");
    }

    private void write(RedisServer server, String scheme, String host, TestCertificate authority, String query)
            throws IOException {
        RedisServer.writeSecret(secret, scheme + "://:" + server.password() + "@" + host + ":" + tlsPort + query);
        Files.writeString(secret.resolve("ca.crt"), authority.pem());
    }

    private void show(TestCertificate certificate) throws IOException {
        Files.writeString(secret.resolve("tls.crt"), certificate.pem());
        Files.writeString(secret.resolve("tls.key"), certificate.keyPem());
    }

    private void reachesRedis() {
        try (var sidecar = new BackendFixture(secret, 1)) {
            sidecar.awaitRedis();
        }
    }

    private void staysInMemory() {
        try (var sidecar = new BackendFixture(secret, 1)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sidecar.failures(FailureReason.TLS) >= 2);
            assertThat(sidecar.backendOf("alice", demand("api", 1, Duration.ofSeconds(1), 1)))
                    .isEqualTo(Backend.MEMORY);
            assertThat(sidecar.decisions()).isZero();
        }
    }

    @Test
    void trustsTheAuthorityOfTheSecretAndShowsItsOwnCertificate() throws IOException {
        var server = serve(AUTHORITY.issue("localhost"));
        write(server, "rediss", "localhost", AUTHORITY);
        show(AUTHORITY.issue("client"));
        reachesRedis();
    }

    @Test
    void withoutACertificateOfItsOwnAServerThatWantsOneRefuses() throws IOException {
        var server = serve(AUTHORITY.issue("localhost"));
        write(server, "rediss", "localhost", AUTHORITY);
        staysInMemory();
    }

    @Test
    void theFlagEncryptsWhateverTheSchemeSays() throws IOException {
        var server = serve(AUTHORITY.issue("localhost"), "--tls-auth-clients", "no");
        write(server, "redis", "localhost", AUTHORITY);
        Files.writeString(secret.resolve("REDIS_TLS"), "true");
        reachesRedis();
    }

    @Test
    void aStrangersCertificateIsRefused() throws IOException {
        var server = serve(AUTHORITY.issue("localhost"), "--tls-auth-clients", "no");
        write(server, "rediss", "localhost", TestCertificate.authority());
        staysInMemory();
    }

    @Test
    void aCertificateForAnotherHostIsRefusedUnlessNobodyLooksAtTheHost() throws IOException {
        var server = serve(AUTHORITY.issue("localhost"), "--tls-auth-clients", "no");
        write(server, "rediss", "127.0.0.1", AUTHORITY);
        staysInMemory();

        write(server, "rediss", "127.0.0.1", AUTHORITY, "?verifyPeer=CA");
        reachesRedis();
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        var server = serve(AUTHORITY.issueExpired("localhost"), "--tls-auth-clients", "no");
        write(server, "rediss", "localhost", AUTHORITY);
        staysInMemory();
    }

    @Test
    void anExpiredCertificateIsRefusedThoughItIsItsOwnAuthority() throws IOException {
        var expired = TestCertificate.selfSignedExpired("localhost");
        var server = serve(expired, "--tls-auth-clients", "no");
        write(server, "rediss", "localhost", expired);
        staysInMemory();
    }

    @Test
    void takesUpEveryFileThatIsRotated() throws IOException {
        var server = serve(AUTHORITY.issue("localhost"));
        write(server, "rediss", "localhost", AUTHORITY);
        show(AUTHORITY.issue("client"));
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            var next = TestCertificate.authority();
            writeServerFiles(next.issue("localhost"), next);
            server.kill();
            server.restart();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sidecar.failures(FailureReason.TLS) >= 2);

            write(server, "rediss", "localhost", next);
            show(next.issue("client"));
            sidecar.refresh();
            sidecar.awaitRedis();
        }
    }

    @Test
    void theServersOfAClusterAreVerifiedByTheNamesThatTheyAnnounce() throws IOException {
        var server = serve(
                AUTHORITY.issue("127.0.0.1"),
                "--tls-auth-clients",
                "no",
                "--tls-cluster",
                "yes",
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                Integer.toString(RedisServer.freePort()),
                "--cluster-announce-ip",
                "127.0.0.1");
        server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> server.command("CLUSTER", "INFO").contains("cluster_state:ok"));
        write(server, "rediss-cluster", "127.0.0.1", AUTHORITY);
        reachesRedis();
    }
}
