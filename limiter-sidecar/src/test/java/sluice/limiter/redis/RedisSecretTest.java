package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSecretTest {

    private static final String CANARY = "canary-7f3a";

    private static RedisSecret secret(String url) {
        return new RedisSecret(url, Optional.empty(), Optional.of(CANARY), Optional.of(CANARY), Optional.of(CANARY));
    }

    @Test
    void showsNothingOfItself() {
        var secret = secret("redis://:" + CANARY + "@redis:6379");

        assertThat(secret.toString()).doesNotContain(CANARY);
        assertThat(secret.uri().toString()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://:canary-7f3a@redis",
                "redis://:canary-7f3a@",
                "redis://:canary-7f3a@re dis:6379",
                "redis://:canary-7f3a@redis:port",
                "redis-sentinel://canary-7f3a@redis",
                "canary-7f3a",
                "redis://[::canary-7f3a"
            })
    void neverQuotesAUrlThatItRefuses(String url) {
        for (var thrown = catchThrowable(() -> secret(url).uri()); thrown != null; thrown = thrown.getCause()) {
            assertThat(thrown).isInstanceOf(InvalidSecretException.class);
            assertThat(thrown.getMessage()).contains("REDIS_URL").doesNotContain(CANARY);
        }
    }

    @Test
    void encryptsWhenTheSchemeOrTheFlagSaysSo(@TempDir Path folder) throws IOException {
        assertThat(secret("redis://redis").uri().isSsl()).isFalse();
        assertThat(secret("rediss://redis").uri().isSsl()).isTrue();

        Files.writeString(folder.resolve("REDIS_URL"), "redis://redis:6379\n");
        Files.writeString(folder.resolve("REDIS_TLS"), "true\n");

        assertThat(RedisSecret.read(folder).orElseThrow().uri().isSsl()).isTrue();
        assertThat(RedisSecret.read(folder).orElseThrow().uri().isVerifyPeer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE", "True", "true"})
    void theFlagIsReadInAnyCase(String flag, @TempDir Path folder) throws IOException {
        assertThat(flagged(folder, flag).uri().isSsl()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "on", "tru", "t", "enabled"})
    void aFlagThatIsNeitherTrueNorFalseIsRefusedByName(String flag, @TempDir Path folder) throws IOException {
        var secret = flagged(folder, flag);

        assertThatThrownBy(secret::uri)
                .isInstanceOf(InvalidSecretException.class)
                .hasMessage("REDIS_TLS must be true or false");
        assertThat(secret.problem()).contains("REDIS_TLS must be true or false");
    }

    private static RedisSecret flagged(Path folder, String flag) throws IOException {
        Files.writeString(folder.resolve("REDIS_URL"), "redis://redis:6379");
        Files.writeString(folder.resolve("REDIS_TLS"), flag + "\n");
        return RedisSecret.read(folder).orElseThrow();
    }

    @Test
    void aCertificateWithoutItsKeyIsRefusedByName() {
        var secret = new RedisSecret(
                "rediss://redis", Optional.empty(), Optional.empty(), Optional.of(CANARY), Optional.empty());

        assertThat(secret.problem()).contains("tls.crt and tls.key must be given together");
    }

    @Test
    void aFolderWithoutAUrlIsNoSecret(@TempDir Path folder) throws IOException {
        assertThat(RedisSecret.read(folder.resolve("missing"))).isEmpty();
        Files.writeString(folder.resolve("REDIS_URL"), " \n");
        assertThat(RedisSecret.read(folder)).isEmpty();
    }
}
