package sluice.limiter.control;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One address of the operator, and how to speak to it: TLS that trusts exactly the given bundle, for the name in the URL.
 *
 * @param host as the URL has it, for the certificate and the Host header
 */
record ControlTarget(String host, InetSocketAddress address, SslContext tls, Optional<Path> tokenFile, EventLoop loop) {

    static final int DEFAULT_PORT = 443;
    private static final int CONNECT_MILLIS = 2000;

    /** Reads the bundle as it is now, so that a rotated one is used from the next connection on. */
    static ControlTarget of(
            URI url, InetSocketAddress address, Path authorities, Optional<Path> tokenFile, EventLoop loop)
            throws IOException {
        try (var bundle = Files.newInputStream(authorities)) {
            var tls = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(bundle)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
            return new ControlTarget(url.getHost(), address, tls, tokenFile, loop);
        } catch (IllegalArgumentException e) {
            throw new IOException(authorities + " is not a PEM bundle of certificates", e);
        }
    }

    /** A request with the token as the file has it now. */
    FullHttpRequest request(HttpMethod method, String path, ByteBuf body) throws IOException {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, body);
        request.headers().set(HttpHeaderNames.HOST, host + ":" + address.getPort());
        request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        if (tokenFile.isPresent()) {
            var token = Files.readString(tokenFile.get()).strip();
            request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        }
        return request;
    }

    /** Connects; {@code handlers} follow the HTTP codec. A connection that says nothing for {@code silenceSeconds} is closed. */
    ChannelFuture connect(int silenceSeconds, ChannelHandler... handlers) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new ReadTimeoutHandler(silenceSeconds, TimeUnit.SECONDS))
                                .addLast(tls.newHandler(channel.alloc(), host, address.getPort()))
                                .addLast(new HttpClientCodec())
                                .addLast(handlers);
                    }
                })
                .connect(address);
    }
}
