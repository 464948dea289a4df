package sluice.operator.control;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.MISDIRECTED_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_ACCEPTABLE;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.NO_CONTENT;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers one connection's requests, one at a time: who is it, which rollout is its, then the stream or the acknowledgement. On a stream's
 * own connection acknowledgements come behind the request for the stream; their answers would come after its end and are not given.
 */
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final String BEARER = "Bearer ";
    private static final String VERSION = "1";

    private sealed interface Caller {}

    /** A pod that may speak for a rollout. */
    private record Sidecar(PodIdentity pod, RolloutKey rollout) implements Caller {}

    private record Streaming(Sidecar sidecar, StreamConnection connection) {}

    private record Refusal(HttpResponseStatus status, String why) implements Caller {}

    /**
     * What the kernel may hold of a stream that is not acknowledged: a handful of heartbeats. With its own choice a peer behind a broken
     * network would count as connected for a quarter of an hour, until TCP gives up, for all writes would be done at once.
     */
    private static final int SEND_BUFFER = 4 * 1024;

    private final ControlDesk desk;
    private @Nullable Streaming streaming;
    private boolean asking;

    ControlHandler(ControlDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        // What comes in one piece with a request is decoded before it is known whose that is.
        if (asking || !request.decoderResult().isSuccess()) {
            var _ = context.close();
            return;
        }
        var path = new QueryStringDecoder(request.uri());
        if (streaming != null) {
            takeAckBehindStream(context, streaming, request, path);
        } else if (isStream(request, path)) {
            admit(
                    context,
                    request,
                    sidecar -> openStream(context, sidecar, path.parameters().get("versions")));
        } else if (isAck(request, path)) {
            var body = request.content().toString(StandardCharsets.UTF_8);
            admit(context, request, sidecar -> takeAck(context, sidecar, body));
        } else {
            refuse(context, new Refusal(NOT_FOUND, "there are GET /v1/stream and POST /v1/ack"));
        }
    }

    private static boolean isStream(FullHttpRequest request, QueryStringDecoder path) {
        return request.method().equals(HttpMethod.GET) && path.path().equals("/v1/stream");
    }

    private static boolean isAck(FullHttpRequest request, QueryStringDecoder path) {
        return request.method().equals(HttpMethod.POST) && path.path().equals("/v1/ack");
    }

    /** What to do once the sidecar is known; runs on the event loop. */
    private interface Admitted {
        void proceed(Sidecar sidecar);
    }

    private void admit(ChannelHandlerContext context, FullHttpRequest request, Admitted admitted) {
        if (!desk.leadership().leads()) {
            refuse(context, new Refusal(MISDIRECTED_REQUEST, "not the leader; try the next address"));
            return;
        }
        var token = token(request);
        // Nothing more is read from this connection until it is known who it is.
        context.channel().config().setAutoRead(false);
        asking = true;
        desk.blocking().execute(() -> {
            var caller = identify(token);
            context.executor().execute(() -> answer(context, caller, admitted));
        });
    }

    private void answer(ChannelHandlerContext context, Caller caller, Admitted admitted) {
        if (!context.channel().isActive()) {
            return;
        }
        asking = false;
        context.channel().config().setAutoRead(true);
        switch (caller) {
            case Sidecar sidecar -> admitted.proceed(sidecar);
            case Refusal refusal -> refuse(context, refusal);
        }
    }

    private static Optional<String> token(FullHttpRequest request) {
        return Optional.ofNullable(request.headers().get(HttpHeaderNames.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip());
    }

    /** Blocks. */
    private Caller identify(Optional<String> token) {
        try {
            var pod = token.flatMap(desk.tokens()::verify);
            if (pod.isEmpty()) {
                return new Refusal(UNAUTHORIZED, "the token is not a pod's for the audience sluice.dev");
            }
            var rollout = desk.rollouts().rolloutOf(pod.get());
            return rollout.isEmpty()
                    ? new Refusal(FORBIDDEN, "the pod belongs to no rollout")
                    : new Sidecar(pod.get(), rollout.get());
        } catch (RuntimeException e) {
            // The reason may quote the API server; it is not the caller's business.
            return new Refusal(SERVICE_UNAVAILABLE, "the token cannot be checked now");
        }
    }

    private void openStream(ChannelHandlerContext context, Sidecar sidecar, @Nullable List<String> versions) {
        if (versions != null
                && versions.stream()
                        .flatMap(each -> Arrays.stream(each.split(",")))
                        .noneMatch(VERSION::equals)) {
            refuse(context, new Refusal(NOT_ACCEPTABLE, "this operator speaks version " + VERSION));
        } else if (!desk.streams().hasConfig(sidecar.rollout())) {
            refuse(context, new Refusal(SERVICE_UNAVAILABLE, "there is no config for this rollout yet"));
        } else {
            stream(context, sidecar);
        }
    }

    private void stream(ChannelHandlerContext context, Sidecar sidecar) {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/x-ndjson");
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        HttpUtil.setTransferEncodingChunked(response, true);
        var _ = context.write(response);
        // From here on a sidecar speaks only when it has something to acknowledge.
        context.pipeline().remove(ReadTimeoutHandler.class);
        context.channel().config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
        var connection = new StreamConnection(sidecar.pod(), context.channel());
        streaming = new Streaming(sidecar, connection);
        context.channel().closeFuture().addListener(closed -> {
            desk.streams().leave(sidecar.rollout(), connection);
            desk.watcher().changed(sidecar.rollout());
        });
        if (!desk.streams().join(sidecar.rollout(), connection)) {
            connection.close();
        }
        desk.watcher().changed(sidecar.rollout());
    }

    private void takeAck(ChannelHandlerContext context, Sidecar sidecar, String body) {
        var ack = ack(body);
        if (ack.isPresent()) {
            keep(sidecar, ack.get());
            var _ = context.writeAndFlush(empty(NO_CONTENT));
        } else {
            refuse(context, new Refusal(BAD_REQUEST, "expected {\"epoch\":7,\"applied\":true} with a reason if not"));
        }
    }

    private void takeAckBehindStream(
            ChannelHandlerContext context, Streaming streaming, FullHttpRequest request, QueryStringDecoder path) {
        var ack =
                isAck(request, path) ? ack(request.content().toString(StandardCharsets.UTF_8)) : Optional.<Ack>empty();
        if (ack.isEmpty()) {
            var _ = context.close();
        } else {
            streaming.connection().answered(ack.get().epoch()).ifPresent(desk.watcher()::answered);
            keep(streaming.sidecar(), ack.get());
        }
    }

    private Optional<Ack> ack(String body) {
        return AckBody.parse(body, desk.clock().instant());
    }

    private void keep(Sidecar sidecar, Ack ack) {
        if (desk.acks().record(sidecar.rollout(), sidecar.pod().uid(), ack)) {
            desk.watcher().changed(sidecar.rollout());
        }
    }

    private static DefaultFullHttpResponse empty(HttpResponseStatus status) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    }

    private static void refuse(ChannelHandlerContext context, Refusal refusal) {
        var body = Unpooled.copiedBuffer(refusal.why() + "\n", StandardCharsets.UTF_8);
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** A broken or silent connection is closed and that is all: the sidecar comes back. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
