package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

    private static final String CANARY = "canary-7f3a";

    private static RedisCredentials credentials(String user, String password) {
        return new RedisCredentials(Optional.ofNullable(user), Optional.ofNullable(password));
    }

    @Test
    void oneServer() {
        var url = RedisUrl.parse("redis://redis.apps");

        assertThat(url.layout()).isEqualTo(new RedisLayout.Standalone(new RedisAddress("redis.apps", 6379)));
        assertThat(url.credentials()).isEqualTo(RedisCredentials.NONE);
        assertThat(url.encrypted()).isFalse();
        assertThat(url.database()).isZero();
        assertThat(url.verifiesHost()).isTrue();
    }

    @Test
    void oneServerWithAllThatCanBeSaid() {
        var url = RedisUrl.parse("rediss://sluice:pass@[2001:db8::1]:6380/3?verifyPeer=CA");

        assertThat(url.layout()).isEqualTo(new RedisLayout.Standalone(new RedisAddress("2001:db8::1", 6380)));
        assertThat(url.credentials()).isEqualTo(credentials("sluice", "pass"));
        assertThat(url.encrypted()).isTrue();
        assertThat(url.database()).isEqualTo(3);
        assertThat(url.verifiesHost()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "redis://:pass@redis, , pass",
        "redis://pass@redis, , pass",
        "redis://user:pass@redis, user, pass",
        "redis://user:pa:ss@redis, user, pa:ss",
        "redis://:p%40ss%2Fw%23rd@redis, , p@ss/w#rd",
        "redis://:a+b@redis, , a+b",
        "redis://:a@b@redis, , a@b"
    })
    void credentialsAreReadAsLettuceDoes(String text, String user, String password) {
        assertThat(RedisUrl.parse(text).credentials()).isEqualTo(credentials(user, password));
    }

    @Test
    void sentinelsAndTheirMaster() {
        var url = RedisUrl.parse("redis-sentinel://user:pass@one,two:26380/2#mymaster");

        assertThat(url.layout())
                .isEqualTo(new RedisLayout.Sentinel(
                        List.of(new RedisAddress("one", 26379), new RedisAddress("two", 26380)), "mymaster"));
        assertThat(url.database()).isEqualTo(2);
        assertThat(RedisUrl.parse("rediss-sentinel://one?sentinelMasterId=m").layout())
                .isEqualTo(new RedisLayout.Sentinel(List.of(new RedisAddress("one", 26379)), "m"));
        assertThat(RedisUrl.parse("rediss-sentinel://one#m").encrypted()).isTrue();
    }

    @Test
    void seedsOfACluster() {
        var url = RedisUrl.parse("rediss-cluster://:pass@one:7000,two/0");

        assertThat(url.layout())
                .isEqualTo(
                        new RedisLayout.Cluster(List.of(new RedisAddress("one", 7000), new RedisAddress("two", 6379))));
        assertThat(url.encrypted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://redis                                | must start with redis://",
                "redis                                       | must start with redis://",
                "redis-socket:///tmp/redis                   | must start with redis://",
                "redis://one,two                             | use redis-sentinel:// or redis-cluster://",
                "redis-sentinel://one                        | must name the master",
                "redis-cluster://one/1                       | must name no database",
                "redis://one?timeout=10s                     | has a parameter other than",
                "redis://one?database=1&database=1           | has a parameter twice",
                "rediss://one?verifyPeer=NONE                | verifyPeer must be FULL or CA",
                "redis://                                    | must be scheme://",
                "redis://one:0                               | must be scheme://",
                "redis://one:65536                           | must be scheme://",
                "redis://one:port                            | must be scheme://",
                "redis://one/-1                              | must be scheme://",
                "redis://one/db                              | must be scheme://",
                "redis://:pass%zz@one                        | must be scheme://",
                "redis-cluster://one,,two                    | must be scheme://",
                "redis://[::1                                | must be scheme://",
                "redis://[]:6379                             | must be scheme://"
            })
    void whatIsWrongIsSaidByTheKeyWithTheFix(String text, String fix) {
        assertThatThrownBy(() -> RedisUrl.parse(text))
                .isInstanceOf(InvalidSecretException.class)
                .hasMessageStartingWith("REDIS_URL")
                .hasMessageContaining(fix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://:canary-7f3a@redis",
                "redis://:canary-7f3a@",
                "redis://:canary-7f3a@re dis:6379",
                "redis://:canary-7f3a@redis:port",
                "redis-sentinel://canary-7f3a@redis",
                "redis://one?canary-7f3a",
                "redis://one/canary-7f3a",
                "redis://one?verifyPeer=canary-7f3a",
                "redis://one?password=canary-7f3a&password=canary-7f3a",
                "redis://one?verifyPeer=FULL&verifyPeer=canary-7f3a",
                "canary-7f3a",
                "redis://[::canary-7f3a",
                "redis://:#canary-7f3a@redis"
            })
    void neverQuotesAUrlThatItRefuses(String text) {
        var thrown = catchThrowable(() -> RedisUrl.parse(text));

        assertThat(thrown).isInstanceOf(InvalidSecretException.class).hasNoCause();
        assertThat(thrown.getMessage()).contains("REDIS_URL").doesNotContain(CANARY);
    }

    @Test
    void showsNothingOfItself() {
        var url = RedisUrl.parse("redis://user:canary-7f3a@redis");

        assertThat(url.toString()).doesNotContain(CANARY);
        assertThat(url.credentials().toString()).doesNotContain(CANARY);
    }
}
