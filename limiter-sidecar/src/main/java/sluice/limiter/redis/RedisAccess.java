package sluice.limiter.redis;

import io.netty.handler.ssl.SslContext;
import java.util.Optional;

/** All that is needed to reach the servers of one Redis; with {@code tls} they are spoken to encrypted. Never shown. */
record RedisAccess(RedisUrl url, RedisCredentials sentinelCredentials, Optional<SslContext> tls) {

    RedisLayout layout() {
        return url.layout();
    }

    /** How to log in where decisions are taken. */
    RedisLogin server(RedisAddress address) {
        return new RedisLogin(address, url.credentials(), url.database(), tls);
    }

    /** How to log in at a sentinel. */
    RedisLogin sentinel(RedisAddress address) {
        return new RedisLogin(address, sentinelCredentials, 0, tls);
    }

    @Override
    public String toString() {
        return "RedisAccess[redacted]";
    }
}
