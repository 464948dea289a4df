package sluice.limiter.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes connections: lasting ones that are ready to take tokens, and short ones to ask where to connect to. */
final class RedisConnector {

    private static final int CONNECT_MILLIS = 1000;
    private static final int ANSWER_SECONDS = 1;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private int attempts;
    private int sessions;

    RedisConnector(EventLoop loop) {
        this.loop = loop;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(channelClass(loop))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.TCP_NODELAY, true);
    }

    private static Class<? extends Channel> channelClass(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class)
                ? EpollSocketChannel.class
                : NioSocketChannel.class;
    }

    /** Connects, logs in and loads the script; completes on the event loop. {@code lost} hears of a session that ended. */
    CompletableFuture<RedisSession> connect(RedisAccess access, RedisAddress address, Consumer<RedisSession> lost) {
        var onlyMaster = access.layout() instanceof RedisLayout.Sentinel;
        return open(access.server(address))
                .thenComposeAsync(connection -> prepared(connection, onlyMaster, lost), loop);
    }

    private CompletableFuture<RedisSession> prepared(
            RedisConnection connection, boolean onlyMaster, Consumer<RedisSession> lost) {
        var session = new RedisSession(++sessions, connection, loop);
        connection.whenClosed(() -> lost.accept(session));
        return session.prepare(onlyMaster)
                .thenApply(done -> session)
                .whenCompleteAsync((ready, failure) -> connection.closeAfter(failure), loop);
    }

    /** Connects, asks one question and hangs up; completes on the event loop, after a second at most. */
    CompletableFuture<@Nullable Object> ask(RedisLogin login, String... question) {
        return open(login)
                .thenComposeAsync(connection -> answer(connection, question), loop)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenCompleteAsync((answer, failure) -> {}, loop);
    }

    private static CompletableFuture<@Nullable Object> answer(RedisConnection connection, String... question) {
        return connection
                .send(question)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .whenComplete((answer, failure) -> connection.close());
    }

    /** Connects and hears a channel. {@code lost} hears, on the event loop, of the end. */
    CompletableFuture<RedisConnection> subscribe(
            RedisLogin login, String channel, Consumer<String> heard, Runnable lost) {
        return open(login).thenComposeAsync(connection -> subscribed(connection, channel, heard, lost), loop);
    }

    private CompletableFuture<RedisConnection> subscribed(
            RedisConnection connection, String channel, Consumer<String> heard, Runnable lost) {
        connection.listen(heard);
        return connection
                .send("SUBSCRIBE", channel)
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .thenApplyAsync(
                        done -> {
                            connection.whenClosed(lost);
                            return connection;
                        },
                        loop)
                .whenComplete((done, failure) -> connection.closeAfter(failure));
    }

    /** Connects and logs in. */
    CompletableFuture<RedisConnection> open(RedisLogin login) {
        return lookUp(login.address(), attempts++)
                .thenComposeAsync(address -> connect(address, login), loop)
                .thenComposeAsync(connection -> connection.logIn(login), loop);
    }

    private CompletableFuture<RedisConnection> connect(InetSocketAddress address, RedisLogin login) {
        var connected = new CompletableFuture<RedisConnection>();
        var _ = bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        login.encryption(channel.alloc()).ifPresent(channel.pipeline()::addLast);
                        RedisConnection.over(channel);
                    }
                })
                .connect(address)
                .addListener((ChannelFutureListener) connecting -> {
                    var pipeline = connecting.channel().pipeline();
                    secured(connecting, pipeline.get(SslHandler.class)).addListener(done -> {
                        if (done.isSuccess()) {
                            connected.complete(pipeline.get(RedisConnection.class));
                        } else {
                            connected.completeExceptionally(done.cause());
                        }
                    });
                });
        return connected;
    }

    // Its time is its own: what is said afterwards has all of the time that it may take.
    private static Future<?> secured(ChannelFuture connecting, @Nullable SslHandler tls) {
        return tls == null || !connecting.isSuccess() ? connecting : tls.handshakeFuture();
    }

    // Names are looked up by blocking calls: neither the event loop nor another lookup waits for one.
    private static CompletableFuture<InetSocketAddress> lookUp(RedisAddress server, int attempt) {
        var found = new CompletableFuture<InetSocketAddress>();
        Thread.ofVirtual().name("sluice-redis-lookup").start(() -> {
            try {
                var addresses = InetAddress.getAllByName(server.host());
                var address = addresses[Math.floorMod(attempt, addresses.length)];
                found.complete(new InetSocketAddress(address, server.port()));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        return found;
    }
}
