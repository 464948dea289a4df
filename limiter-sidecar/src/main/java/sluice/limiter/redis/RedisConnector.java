package sluice.limiter.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
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
import org.jspecify.annotations.Nullable;

/** Makes connections: lasting ones that are ready to take tokens, and short ones to ask where to connect to. */
final class RedisConnector {

    private static final int ANSWER_SECONDS = 1;

    /** A connection that is logged in, and the client that has it alone. */
    private record Opened<C>(LoopRedisClient client, C connection) {
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
        return open(access.server(address), access.ssl(), RedisConnector::plain)
                .thenComposeAsync(opened -> prepared(opened, onlyMaster, lost), loop);
    }

    /** Connects, asks one question and hangs up; completes on the event loop, after a second at most. */
    <T> CompletableFuture<T> ask(
            RedisURI uri,
            SslOptions ssl,
            Function<StatefulRedisConnection<String, String>, CompletionStage<T>> question) {
        return open(uri, ssl, RedisConnector::plain)
                .thenComposeAsync(opened -> answer(opened, question), loop)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenCompleteAsync((answer, failure) -> {}, loop);
    }

    private <T> CompletableFuture<T> answer(
            Opened<StatefulRedisConnection<String, String>> opened,
            Function<StatefulRedisConnection<String, String>, CompletionStage<T>> question) {
        return CompletableFuture.completedFuture(opened.connection())
                .thenCompose(question)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenCompleteAsync((answer, failure) -> opened.close(), loop);
    }

    /** Connects and hears a channel; completes with what hangs up. {@code lost} hears, on the event loop, of its end. */
    CompletableFuture<Runnable> subscribe(
            RedisURI uri, SslOptions ssl, String channel, Consumer<String> heard, Runnable lost) {
        return open(uri, ssl, client -> client.connectPubSubAsync(StringCodec.ASCII, uri))
                .thenComposeAsync(opened -> subscribed(opened, channel, heard, lost), loop);
    }

    private CompletableFuture<Runnable> subscribed(
            Opened<StatefulRedisPubSubConnection<String, String>> opened,
            String channel,
            Consumer<String> heard,
            Runnable lost) {
        opened.connection().addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
                heard.accept(message);
            }
        });
        return CompletableFuture.completedFuture(opened.connection())
                .thenCompose(connection -> connection.async().subscribe(channel))
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .<Runnable>thenApplyAsync(
                        done -> {
                            tellOfEnd(opened.connection(), lost);
                            return opened::close;
                        },
                        loop)
                .whenCompleteAsync((end, failure) -> closeAfter(failure, opened), loop);
    }

    private void tellOfEnd(StatefulRedisConnection<String, String> connection, Runnable lost) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                loop.execute(lost);
            }
        });
        if (!connection.isOpen()) {
            throw new RedisConnectionException("closed");
        }
    }

    private static void closeAfter(@Nullable Throwable failure, Opened<?> opened) {
        if (failure != null) {
            opened.close();
        }
    }

    private static CompletionStage<StatefulRedisConnection<String, String>> plain(LoopRedisClient client) {
        return client.connectAsync(StringCodec.ASCII, client.uri());
    }

    private <C> CompletableFuture<Opened<C>> open(
            RedisURI uri, SslOptions ssl, Function<LoopRedisClient, CompletionStage<C>> how) {
        return lookUp(uri, attempts++)
                .thenComposeAsync(
                        address -> {
                            var client = new LoopRedisClient(resources, uri, ssl, loop, address);
                            return how.apply(client)
                                    .toCompletableFuture()
                                    .thenApply(connection -> new Opened<>(client, connection))
                                    .whenCompleteAsync((opened, failure) -> shutDownAfter(failure, client), loop);
                        },
                        loop);
    }

    private static void shutDownAfter(@Nullable Throwable failure, LoopRedisClient client) {
        if (failure != null) {
            var _ = client.shutdownAsync();
        }
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

    private CompletableFuture<RedisSession> prepared(
            Opened<StatefulRedisConnection<String, String>> opened, boolean onlyMaster, Consumer<RedisSession> lost) {
        var session = new RedisSession(++sessions, opened.client(), opened.connection(), loop);
        opened.connection().addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
                loop.execute(() -> lost.accept(session));
            }
        });
        return session.prepare(onlyMaster)
                .thenApply(done -> session)
                .whenCompleteAsync((ready, failure) -> closeAfter(failure, opened), loop);
    }
}
