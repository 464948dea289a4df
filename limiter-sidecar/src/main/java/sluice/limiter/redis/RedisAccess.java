package sluice.limiter.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.time.Duration;

/** All that is needed to reach the servers of one Redis. Never shown. */
record RedisAccess(RedisUrl url, RedisCredentials sentinelCredentials, boolean encrypted, SslOptions ssl) {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    RedisLayout layout() {
        return url.layout();
    }

    /** How to log in where decisions are taken. */
    RedisURI server(RedisAddress address) {
        var uri = uri(address, url.credentials());
        uri.setDatabase(url.database());
        return uri;
    }

    /** How to log in at a sentinel. */
    RedisURI sentinel(RedisAddress address) {
        return uri(address, sentinelCredentials);
    }

    private RedisURI uri(RedisAddress address, RedisCredentials credentials) {
        var uri = new RedisURI(address.host(), address.port(), HANDSHAKE);
        uri.setCredentialsProvider(credentials.provider());
        uri.setSsl(encrypted);
        uri.setVerifyPeer(url.verification());
        // To introduce itself would take a right of its own, and leave a line in the server's ACL log without it.
        uri.setLibraryName("");
        uri.setLibraryVersion("");
        return uri;
    }

    @Override
    public String toString() {
        return "RedisAccess[redacted]";
    }
}
