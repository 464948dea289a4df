package sluice.limiter.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;

/** Reads the app's answers. Knows whether one of them has begun, which decides whether its request may be sent again. */
final class UpstreamDecoder extends HttpResponseDecoder {

    private static final int MAX_STATUS_LINE = 8 * 1024;
    private static final int MAX_HEADERS = 64 * 1024;
    private static final int CHUNK = 64 * 1024;

    private boolean head;
    private boolean begun;
    private boolean doubtful;

    UpstreamDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_STATUS_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(CHUNK)
                // The app is not an adversary, and what it gets away with without us must go on working; we frame anew.
                .setStrictLineParsing(false)
                .setAllowDuplicateContentLengths(true)
                .setUseRfc9112TransferEncoding(false));
    }

    /** Says that a request is being sent, and whether it is a HEAD. */
    void expect(boolean head) {
        this.head = head;
        this.begun = false;
        this.doubtful = false;
    }

    /** True when the answer told both chunks and a length, or a body where none may be: whoever wrote it may mean the other than we read. */
    boolean isDoubtful() {
        return doubtful;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        doubtful = true;
        super.handleTransferEncodingChunkedWithContentLength(message);
    }

    /** True when a byte of the answer has been read. */
    boolean hasBegun() {
        return begun;
    }

    /** True when bytes have been read that no message has come of. */
    boolean hasMore() {
        return actualReadableBytes() > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        begun = true;
        super.channelRead(ctx, msg);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage msg) {
        doubtful |= msg instanceof HttpResponse answer && tellsABodyWithoutOne(answer);
        return head || isSwitch(msg) || super.isContentAlwaysEmpty(msg);
    }

    /** An app that tells the length of the body of a 204 may send it too. */
    private static boolean tellsABodyWithoutOne(HttpResponse answer) {
        return answer.status().equals(HttpResponseStatus.NO_CONTENT)
                && (answer.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                        || HttpUtil.getContentLength(answer, 0L) != 0);
    }

    private static boolean isSwitch(HttpMessage msg) {
        return msg instanceof HttpResponse answer && answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }
}
