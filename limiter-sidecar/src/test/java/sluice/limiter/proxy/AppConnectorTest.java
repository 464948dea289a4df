package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppConnectorTest {

    /** As when the process has no file descriptor left. */
    public static final class NoDescriptor extends NioSocketChannel {
        public NoDescriptor() {
            throw new ChannelException("Too many open files");
        }
    }

    /** All state of the pools belongs to the event loop. */
    @ParameterizedTest
    @ValueSource(classes = {NioSocketChannel.class, NoDescriptor.class})
    void tellsOnTheEventLoopThatThereIsNoConnection(Class<? extends Channel> channel) throws Exception {
        var group = Transport.nio().newLoop("test-data");
        try {
            var loop = (EventLoop) group.next();
            var connector = new AppConnector(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    channel,
                    loop,
                    Duration.ofSeconds(30),
                    new ChannelInboundHandlerAdapter());
            var onLoop = new CompletableFuture<Boolean>();
            var succeeded = new CompletableFuture<Boolean>();
            connector.connect(connecting -> {
                onLoop.complete(loop.inEventLoop());
                succeeded.complete(connecting.isSuccess());
            });
            assertThat(onLoop.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(succeeded.get(30, TimeUnit.SECONDS)).isFalse();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
