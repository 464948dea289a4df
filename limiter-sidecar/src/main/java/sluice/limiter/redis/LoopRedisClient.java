package sluice.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionPoint;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * One connection's Lettuce client, on an event loop that is already there, to an address that is already looked up. A take is sent at
 * most once: what was under way when a connection broke is never sent again, for it would charge twice.
 */
final class LoopRedisClient extends RedisClient {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final int MOST_WAITING = 10_000;

    private final EventLoop loop;
    private final InetSocketAddress address;

    LoopRedisClient(
            ClientResources resources, RedisURI uri, SslOptions ssl, EventLoop loop, InetSocketAddress address) {
        super(resources, uri);
        this.loop = loop;
        this.address = address;
        setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_WAITING)
                // The wheel timer behind Lettuce's own timeouts is too coarse for 20 ms.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .keepAlive(true)
                        .build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .sslOptions(ssl)
                .build());
    }

    /** What all clients on one loop share. */
    static ClientResources resources(EventLoop loop) {
        return ClientResources.builder()
                .eventExecutorGroup(loop)
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
    }

    @Override
    protected Mono<SocketAddress> getSocketAddress(RedisURI uri) {
        return Mono.just(address);
    }

    @Override
    protected void channelType(ConnectionBuilder builder, ConnectionPoint point) {
        builder.bootstrap().group(loop).channel(channelClass());
    }

    private Class<? extends Channel> channelClass() {
        return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class)
                ? EpollSocketChannel.class
                : NioSocketChannel.class;
    }
}
