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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes connections: lasting ones that are ready to take tokens, and short ones to ask where to connect to. */
final class RedisConnector {

    private static final int ANSWER_SECONDS = 1;

    /** A connection that is logged in, and the client that has it alone. */
    private record Opened(LoopRedisClient client, StatefulRedisConnection<String, String> connection) {
        void close() {
            var _ = client.shutdownAsync();
        }
    }

    private final EventLoop loop;
    private final ClientResources resources;
    private int attempts;
    private int sessions;

    RedisConnector(EventLoop loop, ClientResources resources) {
        this.loop = loop;
        this.resources = resources;
    }

    /** Connects, logs in and loads the script; completes on the event loop. {@code lost} hears of a session that ended. */
    CompletableFuture<RedisSession> connect(RedisAccess access, RedisAddress address, Consumer<RedisSession> lost) {
        var onlyMaster = access.layout() instanceof RedisLayout.Sentinel;
        return open(access.server(address), access.ssl())
                .thenComposeAsync(opened -> prepared(opened, onlyMaster, lost), loop);
    }

    /** Connects, asks one question and hangs up; completes on the event loop, after a second at most. */
    <T> CompletableFuture<T> ask(
            RedisURI uri,
            SslOptions ssl,
            Function<StatefulRedisConnection<String, String>, CompletionStage<T>> question) {
        return open(uri, ssl)
                .thenComposeAsync(opened -> answer(opened, question), loop)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenCompleteAsync((answer, failure) -> {}, loop);
    }

    private <T> CompletableFuture<T> answer(
            Opened opened, Function<StatefulRedisConnection<String, String>, CompletionStage<T>> question) {
        return CompletableFuture.completedFuture(opened.connection())
                .thenCompose(question)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenCompleteAsync((answer, failure) -> opened.close(), loop);
    }

    private CompletableFuture<Opened> open(RedisURI uri, SslOptions ssl) {
        return lookUp(uri, attempts++).thenComposeAsync(address -> open(uri, ssl, address), loop);
    }

    // Names are looked up by blocking calls: neither the event loop nor another lookup waits for one.
    private static CompletableFuture<InetSocketAddress> lookUp(RedisURI uri, int attempt) {
        var found = new CompletableFuture<InetSocketAddress>();
        Thread.ofVirtual().name("sluice-redis-lookup").start(() -> {
            try {
                var addresses = InetAddress.getAllByName(uri.getHost());
                var address = addresses[Math.floorMod(attempt, addresses.length)];
                found.complete(new InetSocketAddress(address, uri.getPort()));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        return found;
    }

    private CompletableFuture<Opened> open(RedisURI uri, SslOptions ssl, InetSocketAddress address) {
        var client = new LoopRedisClient(resources, uri, ssl, loop, address);
        return client.connectAsync(StringCodec.ASCII, uri)
                .toCompletableFuture()
                .thenApply(connection -> new Opened(client, connection))
                .whenCompleteAsync(
                        (opened, failure) -> {
                            if (failure != null) {
                                var _ = client.shutdownAsync();
                            }
                        },
                        loop);
    }

    private CompletableFuture<RedisSession> prepared(Opened opened, boolean onlyMaster, Consumer<RedisSession> lost) {
        var session = new RedisSession(++sessions, opened.client(), opened.connection(), loop);
        opened.connection().addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                loop.execute(() -> lost.accept(session));
            }
        });
        return session.prepare(onlyMaster)
                .thenApply(done -> session)
                .whenCompleteAsync(
                        (ready, failure) -> {
                            if (failure != null) {
                                opened.close();
                            }
                        },
                        loop);
    }
}
