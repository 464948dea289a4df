package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransportTest {

    /** More than the client's kernel takes by itself, and little enough for ours. */
    private static final int ANSWER = 60_000;

    private final Transport transport = Transport.best();
    private final IoEventLoopGroup loop = transport.newLoop("test-data");
    private final CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    private final Socket client = new Socket();

    @BeforeEach
    void connect() throws IOException {
        Assumptions.assumeTrue(transport.name().equals("epoll"), "the kernel is asked by way of epoll's library");
        var listener = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        Transport.limitUnsent(channel);
                        accepted.complete(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        client.setReceiveBufferSize(1);
        client.connect(listener.localAddress());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static ChannelFuture write(Channel channel, int bytes) {
        return channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void knowsWhatTheKernelHasAndTheClientHasNot() throws IOException {
        var channel = accepted.join();
        assertThat(Transport.hasUndelivered(channel)).isFalse();
        write(channel, ANSWER).syncUninterruptibly();
        await().until(() -> Transport.hasUndelivered(channel));
        assertThat(client.getInputStream().readNBytes(ANSWER)).hasSize(ANSWER);
        await().until(() -> !Transport.hasUndelivered(channel));
    }

    @Test
    void leavesToTheKernelLittleThatItCannotSend() {
        var channel = accepted.join();
        var writing = write(channel, 10 * ANSWER);
        await().until(() -> Transport.hasUndelivered(channel));
        assertThat(writing.isDone()).isFalse();
        assertThat(Kept.unsent(channel)).isGreaterThan(7 * ANSWER);
    }

    @Test
    void hasNothingLeftForAClientThatIsClosed() throws IOException {
        var channel = accepted.join();
        channel.close().syncUninterruptibly();
        assertThat(Transport.hasUndelivered(channel)).isFalse();
    }
}
