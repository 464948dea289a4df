package sluice.limiter.redis;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How to be let in by one server. Never shown. */
record RedisLogin(RedisAddress address, RedisCredentials credentials, int database, Optional<SslContext> tls) {

    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    /** What encrypts, for the host of the address. */
    Optional<SslHandler> encryption(ByteBufAllocator allocator) {
        return tls.map(context -> {
            var handler = context.newHandler(allocator, address.host(), address.port());
            handler.setHandshakeTimeoutMillis(HANDSHAKE.toMillis());
            return handler;
        });
    }

    /** What to say first. */
    List<String[]> commands() {
        var commands = new ArrayList<String[]>();
        // With a user's name, a server that wants no password takes any: it may be about to get this one.
        credentials
                .password()
                .ifPresent(password ->
                        commands.add(new String[] {"AUTH", credentials.user().orElse("default"), password}));
        if (database != 0) {
            commands.add(new String[] {"SELECT", Integer.toString(database)});
        }
        return commands;
    }

    @Override
    public String toString() {
        return "RedisLogin[redacted]";
    }
}
