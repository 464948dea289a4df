package sluice.limiter.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes connections that are ready to take tokens. */
final class RedisConnector {

    /** What one attempt needs. */
    private record Target(RedisURI uri, SslOptions ssl, InetSocketAddress address) {}

    private final EventLoop loop;
    private final ClientResources resources;
    private int attempts;

    RedisConnector(EventLoop loop, ClientResources resources) {
        this.loop = loop;
        this.resources = resources;
    }

    /** Connects, logs in and loads the script; completes on the event loop. {@code lost} hears of a session that ended. */
    CompletableFuture<RedisSession> connect(RedisSecret secret, Consumer<RedisSession> lost) {
        var target = new CompletableFuture<Target>();
        var attempt = attempts++;
        // Names are looked up by blocking calls: neither the event loop nor another lookup waits for one.
        Thread.ofVirtual().name("sluice-redis-lookup").start(() -> {
            try {
                target.complete(lookUp(secret, attempt));
            } catch (UnknownHostException | RuntimeException e) {
                target.completeExceptionally(e);
            }
        });
        return target.thenComposeAsync(found -> open(found, lost), loop);
    }

    private static Target lookUp(RedisSecret secret, int attempt) throws UnknownHostException {
        var uri = secret.uri();
        var addresses = InetAddress.getAllByName(uri.getHost());
        var address = addresses[Math.floorMod(attempt, addresses.length)];
        return new Target(uri, secret.sslOptions(), new InetSocketAddress(address, uri.getPort()));
    }

    private CompletableFuture<RedisSession> open(Target target, Consumer<RedisSession> lost) {
        var client = new LoopRedisClient(resources, target.uri(), target.ssl(), loop, target.address());
        return client.connectAsync(StringCodec.ASCII, target.uri())
                .thenComposeAsync(connection -> prepared(client, connection, lost), loop)
                .toCompletableFuture()
                .whenCompleteAsync(
                        (session, failure) -> {
                            if (failure != null) {
                                var _ = client.shutdownAsync();
                            }
                        },
                        loop);
    }

    private CompletableFuture<RedisSession> prepared(
            LoopRedisClient client, StatefulRedisConnection<String, String> connection, Consumer<RedisSession> lost) {
        var session = new RedisSession(client, connection, loop);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                loop.execute(() -> lost.accept(session));
            }
        });
        return session.prepare().thenApply(done -> session);
    }
}
