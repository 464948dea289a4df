package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.control.TestCertificate;

class RedisSecretTest {

    private static final String CANARY = "canary-7f3a";
    private static final RedisAddress ADDRESS = new RedisAddress("redis", 6379);

    private static RedisSecret secret(String url, String... more) {
        var files = new HashMap<>(Map.of("REDIS_URL", url));
        for (var index = 0; index < more.length; index += 2) {
            files.put(more[index], more[index + 1]);
        }
        return new RedisSecret(new SecretFolder.Contents(Map.copyOf(files), Set.of()));
    }

    @Test
    void showsNothingOfItself() {
        var secret = secret("redis-sentinel://:" + CANARY + "@redis:6379#m", "REDIS_SENTINEL_PASSWORD", CANARY);
        var access = secret.access();

        assertThat(secret.toString()).doesNotContain(CANARY);
        assertThat(access.toString()).doesNotContain(CANARY);
        assertThat(access.server(ADDRESS).toString()).doesNotContain(CANARY);
        assertThat(access.sentinel(ADDRESS).toString()).doesNotContain(CANARY);
    }

    @Test
    void encryptsWhenTheSchemeOrTheFlagSaysSo(@TempDir Path folder) throws IOException {
        assertThat(secret("redis://redis").access().tls()).isEmpty();
        assertThat(secret("rediss://redis").access().tls()).isPresent();

        Files.writeString(folder.resolve("REDIS_URL"), "redis://redis:6379\n");
        Files.writeString(folder.resolve("REDIS_TLS"), "true\n");

        var server = RedisSecret.read(folder).orElseThrow().access().server(ADDRESS);
        assertThat(verified(server)).isEqualTo("HTTPS");
    }

    @Test
    void theHostIsVerifiedUnlessTheUrlSaysOtherwise() {
        assertThat(verified(secret("rediss://redis").access().server(ADDRESS))).isEqualTo("HTTPS");
        assertThat(verified(secret("rediss-sentinel://redis#m").access().sentinel(ADDRESS)))
                .isEqualTo("HTTPS");
        assertThat(verified(secret("rediss://redis?verifyPeer=CA").access().server(ADDRESS)))
                .isNullOrEmpty();
    }

    @Test
    void noSessionOutlivesItsCertificate() {
        var context = secret("rediss://redis").access().tls().orElseThrow();

        assertThat(context.sessionContext().getSessionTimeout()).isEqualTo(1);
    }

    /** How the host is verified, as Java calls it. */
    private static String verified(RedisLogin login) {
        return login.encryption(ByteBufAllocator.DEFAULT)
                .orElseThrow()
                .engine()
                .getSSLParameters()
                .getEndpointIdentificationAlgorithm();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE", "True", "true"})
    void theFlagIsReadInAnyCase(String flag) {
        assertThat(secret("redis://redis", "REDIS_TLS", flag).access().tls()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "on", "tru", "t", "enabled"})
    void aFlagThatIsNeitherTrueNorFalseIsRefusedByName(String flag) {
        var secret = secret("redis://redis", "REDIS_TLS", flag);

        assertThatThrownBy(secret::access)
                .isInstanceOf(InvalidSecretException.class)
                .hasMessage("REDIS_TLS must be true or false");
        assertThat(secret.problem()).contains("REDIS_TLS must be true or false");
    }

    @Test
    void sentinelsHaveCredentialsOfTheirOwn() {
        var access = secret(
                        "redis-sentinel://user:data@one#m",
                        "REDIS_SENTINEL_USERNAME",
                        "probe",
                        "REDIS_SENTINEL_PASSWORD",
                        "theirs")
                .access();

        assertThat(access.sentinel(ADDRESS).commands()).containsExactly(new String[] {"AUTH", "probe", "theirs"});
        assertThat(access.server(ADDRESS).commands()).containsExactly(new String[] {"AUTH", "user", "data"});
    }

    @Test
    void whatIsSaidAtLoginIsWhatTheUrlSays() {
        assertThat(secret("redis://one").access().server(ADDRESS).commands()).isEmpty();
        assertThat(secret("redis://:data@one/2").access().server(ADDRESS).commands())
                .containsExactly(new String[] {"AUTH", "default", "data"}, new String[] {"SELECT", "2"});
        assertThat(secret("redis-sentinel://:data@one/2#m")
                        .access()
                        .sentinel(ADDRESS)
                        .commands())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "redis-sentinel://one#m, REDIS_SENTINEL_USERNAME, REDIS_SENTINEL_USERNAME needs REDIS_SENTINEL_PASSWORD",
        "redis://one, REDIS_SENTINEL_PASSWORD, REDIS_SENTINEL_PASSWORD is for sentinels",
        "rediss://one, tls.crt, tls.crt and tls.key must be given together",
        "rediss://one, tls.key, tls.crt and tls.key must be given together",
        "rediss://one, ca.crt, ca.crt must hold certificates in PEM form"
    })
    void whatDoesNotFitIsSaidByName(String url, String key, String problem) {
        var secret = secret(url, key, CANARY);

        assertThat(secret.problem())
                .hasValueSatisfying(said -> assertThat(said).contains(problem).doesNotContain(CANARY));
    }

    @Test
    void certificateAndKeyAreLookedAtApart() throws IOException {
        var certificate = TestCertificate.forHost("client");
        assertThat(secret("rediss://one", "tls.crt", certificate.pem(), "tls.key", certificate.keyPem())
                        .problem())
                .isEmpty();

        assertThat(secret("rediss://one", "tls.crt", CANARY, "tls.key", certificate.keyPem())
                        .problem())
                .hasValueSatisfying(said -> assertThat(said).startsWith("tls.crt must hold a certificate"));
        assertThat(secret("rediss://one", "tls.crt", certificate.pem(), "tls.key", CANARY)
                        .problem())
                .hasValueSatisfying(
                        said -> assertThat(said).startsWith("tls.key must hold").doesNotContain(CANARY));
    }

    @Test
    void aFolderWithoutAUrlIsNoSecret(@TempDir Path folder) throws IOException {
        assertThat(RedisSecret.read(folder.resolve("missing"))).isEmpty();
        Files.writeString(folder.resolve("REDIS_URL"), " \n");
        assertThat(RedisSecret.read(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REDIS_URL", "REDIS_TLS", "ca.crt", "tls.key", "REDIS_SENTINEL_PASSWORD"})
    void aKeyThatCannotBeReadIsNotTakenForAbsent(String key, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("REDIS_URL"), "redis://:" + CANARY + "@redis:6379\n");
        Files.writeString(folder.resolve(key), "true", StandardCharsets.UTF_16);

        assertThat(RedisSecret.read(folder).flatMap(RedisSecret::problem))
                .contains(key + " cannot be read: it must be a text in UTF-8, readable for the sidecar");

        Files.delete(folder.resolve(key));
        Files.createDirectory(folder.resolve(key));

        assertThat(RedisSecret.read(folder).flatMap(RedisSecret::problem))
                .hasValueSatisfying(said -> assertThat(said).startsWith(key + " cannot be read"));
    }
}
