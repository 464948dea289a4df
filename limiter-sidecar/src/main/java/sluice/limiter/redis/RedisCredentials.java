package sluice.limiter.redis;

import io.lettuce.core.StaticCredentialsProvider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server is told at login: nothing, a password alone, or an ACL user with one. Never shown. */
record RedisCredentials(Optional<String> user, Optional<String> password) {

    static final RedisCredentials NONE = new RedisCredentials(Optional.empty(), Optional.empty());

    StaticCredentialsProvider provider() {
        return new StaticCredentialsProvider(user.orElse(null), characters());
    }

    private char @Nullable [] characters() {
        return password.map(String::toCharArray).orElse(null);
    }

    @Override
    public String toString() {
        return "RedisCredentials[redacted]";
    }
}
