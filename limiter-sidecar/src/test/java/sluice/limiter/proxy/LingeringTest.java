package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.SidecarMetrics;

/** An answer that is written and then closed on, to a client for which the kernel takes only a little of it at a time. */
@SuppressWarnings("FutureReturnValueIgnored") // What the client gets is what the tests look at.
class LingeringTest {

    private static final int ANSWER = 1 << 20;

    private final Transport transport = Transport.nio();
    private final IoEventLoopGroup group = transport.newLoop("test-data");
    private final EventLoop loop = (EventLoop) group.next();
    private final RequestLog log = RequestLog.start(new ByteArrayOutputStream(), () -> {});

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
    }

    private ProxyEnvironment environment(String stalled) {
        return environment(stalled, "1ms");
    }

    private ProxyEnvironment environment(String stalled, String linger) {
        var app = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        var timeouts = ProxyTuning.from(Map.of("SLUICE_LINGER_TIMEOUT", linger, "SLUICE_STALLED_TIMEOUT", stalled))
                .timeouts();
        return new ProxyEnvironment(
                new FakeJudge(),
                new SidecarMetrics(SidecarMetrics.newRegistry()),
                log,
                timeouts,
                new UpstreamPool(app, transport.channel(), loop, timeouts),
                new Http2Upstreams(app, transport.channel(), loop, timeouts),
                Long.MAX_VALUE);
    }

    /** Answers whoever connects. */
    private Channel listen(ProxyEnvironment environment) {
        loop.scheduleAtFixedRate(
                () -> List.copyOf(environment.clients()).forEach(client -> client.tick(System.nanoTime())),
                10,
                10,
                TimeUnit.MILLISECONDS);
        return new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.SO_SNDBUF, 1)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Answering(channel, environment));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {

        private final SocketChannel channel;
        private final ProxyEnvironment environment;

        private Answering(SocketChannel channel, ProxyEnvironment environment) {
            this.channel = channel;
            this.environment = environment;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[ANSWER]));
            ctx.pipeline().replace(this, null, new Lingering(channel, environment));
        }
    }

    private static Socket narrow(Channel listener) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(1);
        socket.connect(listener.localAddress());
        socket.setSoTimeout(30_000);
        return socket;
    }

    @Test
    void closesOnlyWhenASlowClientHasItsWholeAnswer() throws IOException {
        var listener = listen(environment("1m"));
        try (var client = narrow(listener)) {
            // A hundred looks at what takes too long.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(client.getInputStream().readAllBytes()).hasSize(ANSWER);
        }
    }

    /** As those do that send all of their request before they read. */
    @Test
    void leavesItsAnswerToAClientThatStillSends() throws IOException, InterruptedException {
        var listener = listen(environment("1m", "2s"));
        try (var client = new Socket()) {
            client.connect(listener.localAddress());
            client.setSoTimeout(30_000);
            for (var i = 0; i < 80; i++) {
                client.getOutputStream().write('a');
                Thread.sleep(50);
            }
            assertThat(client.getInputStream().readAllBytes()).hasSize(ANSWER);
        }
    }

    @Test
    void closesForAClientThatSendsWithoutEnd() throws IOException {
        var environment = environment("1m", "20ms");
        var listener = listen(environment);
        try (var client = new Socket()) {
            client.connect(listener.localAddress());
            assertThat(client.getInputStream().readAllBytes()).hasSize(ANSWER);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> isRefused(client));
        }
    }

    private static boolean isRefused(Socket client) {
        try {
            client.getOutputStream().write('a');
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void waitsNoLongerForAClientThatTakesNothing() throws IOException {
        var environment = environment("300ms");
        var listener = listen(environment);
        try (var client = narrow(listener)) {
            assertThat(client.getInputStream().read()).isZero();
            await().until(() ->
                    loop.submit(() -> environment.clients().isEmpty()).get());
        }
    }
}
