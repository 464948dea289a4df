package sluice.limiter.redis;

import java.util.Optional;

/** What a server is told at login: nothing, a password alone, or an ACL user with one. Never shown. */
record RedisCredentials(Optional<String> user, Optional<String> password) {

    static final RedisCredentials NONE = new RedisCredentials(Optional.empty(), Optional.empty());

    @Override
    public String toString() {
        return "RedisCredentials[redacted]";
    }
}
