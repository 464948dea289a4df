package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.redis.RedisCodecException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureReasonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "READONLY You can't write against a read only replica.                          | READONLY",
                "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't    | READONLY",
                "MISCONF Redis is configured to save RDB snapshots                              | READONLY",
                "NOREPLICAS Not enough good replicas to write.                                  | READONLY",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to     | READONLY",
                "OOM command not allowed when used memory > 'maxmemory'.                        | OUT_OF_MEMORY",
                "NOAUTH Authentication required.                                                | AUTH",
                "WRONGPASS invalid username-password pair or user is disabled.                  | AUTH",
                "NOPERM this user has no permissions to run the 'evalsha' command               | AUTH",
                "MOVED 3999 127.0.0.1:6381                                                      | MOVED",
                "ASK 3999 127.0.0.1:6381                                                        | MOVED",
                "TRYAGAIN Multiple keys request during rehashing of slot                        | MOVED",
                "CLUSTERDOWN Hash slot not served                                               | CLUSTER_DOWN",
                "ERR This instance has cluster support disabled                                 | REPLY"
            })
    void whatRedisSays(String message, FailureReason reason) {
        assertThat(FailureReason.of(new CompletionException(new RedisErrorException(message))))
                .isEqualTo(reason);
    }

    @Test
    void whatRedisDoesNotSay() {
        assertThat(FailureReason.of(new CompletionException(new IOException("x"))))
                .isEqualTo(FailureReason.DISCONNECTED);
        assertThat(FailureReason.of(new DecoderException(new SSLHandshakeException("x"))))
                .isEqualTo(FailureReason.TLS);
        assertThat(FailureReason.of(new CompletionException(new NotSslRecordException("x"))))
                .isEqualTo(FailureReason.TLS);
        assertThat(FailureReason.of(new CompletionException(new SslHandshakeTimeoutException("x"))))
                .isEqualTo(FailureReason.DISCONNECTED);
        assertThat(FailureReason.of(new DecoderException(new RedisCodecException("x"))))
                .isEqualTo(FailureReason.REPLY);
        assertThat(FailureReason.of(new CompletionException(new NotMasterException())))
                .isEqualTo(FailureReason.READONLY);
        assertThat(FailureReason.of(new UnknownMasterException())).isEqualTo(FailureReason.SENTINEL);
        assertThat(FailureReason.of(new NonsenseException("x"))).isEqualTo(FailureReason.REPLY);
    }

    @Test
    void onlyAKeyThatIsElsewhereSaysNothingOfTheServer() {
        assertThat(FailureReason.values())
                .filteredOn(FailureReason::isOfTheKeys)
                .containsExactly(FailureReason.MOVED);
    }
}
