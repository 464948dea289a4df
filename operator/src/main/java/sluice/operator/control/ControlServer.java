package sluice.operator.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the config stream over TLS, as docs/architecture.md describes it. Netty rather than the JDK's server, because a write to a peer
 * that has gone silent must end by a timeout. Every replica listens; those that do not lead answer 421.
 */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int LARGEST_REQUEST = 16 * 1024;
    private static final int MOST_CONNECTIONS = 20_000;
    private static final int IDLE_SECONDS = 30;
    private static final int WRITE_SECONDS = 10;

    private final Pulse pulse;
    private final ControlDesk desk;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Handshakes handshakes;
    private final ExecutorService blocking = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("control-", 0).factory());
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());
    private final Channel server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts listening on every address of the machine.
     *
     * @param port 0 for any free port
     * @param heartbeat how often sidecars hear that they are watched
     */
    public ControlServer(
            int port,
            SSLContext ssl,
            Leadership leadership,
            TokenVerifier tokens,
            PodRollouts rollouts,
            Streams streams,
            Acks acks,
            Duration heartbeat,
            StreamWatcher watcher) {
        this.handshakes = new Handshakes(ssl);
        var clock = InstantSource.system();
        this.desk = new ControlDesk(leadership, tokens, rollouts, streams, acks, watcher, blocking, clock);
        this.pulse = new Pulse(leadership, streams, clock);
        this.server = bind(port);
        var period = heartbeat.toMillis();
        var _ = heart.scheduleAtFixedRate(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private Channel bind(int port) {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(port)
                .syncUninterruptibly()
                .channel();
    }

    private void accept(SocketChannel channel) {
        if (connections.size() >= MOST_CONNECTIONS) {
            var _ = channel.close();
            return;
        }
        connections.add(channel);
        channel.pipeline()
                .addLast(handshakes.handler(channel))
                .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                .addLast(new WriteTimeoutHandler(WRITE_SECONDS))
                // Not the codec of both: it keeps every request that is not answered, which acknowledgements never are,
                // and gives up at 128.
                .addLast(new HttpRequestDecoder())
                .addLast(new HttpResponseEncoder())
                .addLast(new HttpObjectAggregator(LARGEST_REQUEST))
                .addLast(new ControlHandler(desk));
    }

    private void beat() {
        try {
            pulse.beat();
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again.
            LOG.atError().setCause(e).log("heartbeat failed");
        }
    }

    /** Ends every stream and stops listening. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        heart.shutdownNow();
        server.close().syncUninterruptibly();
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        handshakes.close();
        blocking.shutdownNow();
    }
}
