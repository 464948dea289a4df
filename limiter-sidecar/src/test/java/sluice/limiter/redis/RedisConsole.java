package sluice.limiter.redis;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to a real Redis, on an event loop of its own, for a test that waits for the answers. */
final class RedisConsole implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final RedisConnection connection;

    RedisConsole(RedisServer server) {
        var login = new RedisLogin(
                new RedisAddress("127.0.0.1", server.port()),
                new RedisCredentials(Optional.empty(), Optional.of(server.password())),
                0,
                Optional.empty());
        connection = new RedisConnector(loop.next()).open(login).join();
    }

    @Nullable
    Object ask(String... command) {
        return CompletableFuture.completedFuture(command)
                .thenComposeAsync(connection::send, loop)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        connection.close();
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
