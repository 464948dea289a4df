package sluice.limiter.proxy;

import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;

/** Netty's codec of HTTP/2 for each side, with the bounds that hold there. */
final class Http2Codecs {

    /** Of one connection at a time; more are refused, which tells the client that it may repeat them. */
    static final int MAX_STREAMS = 100;

    /**
     * What all streams of one client may have sent beyond what the app has taken, in bytes. Sixteen streams whose bodies the app does not
     * take hold up the bodies of the others, and that is all the memory that one connection gets.
     */
    static final int CLIENT_WINDOW = 1 << 20;

    /** One answer's unread rest, in bytes. */
    private static final int APP_STREAM_WINDOW = 32 * 1024;

    /** Of all answers together: a client that reads slowly holds up nobody else's. */
    static final int APP_WINDOW = MAX_STREAMS * APP_STREAM_WINDOW;

    static final int DEFAULT_WINDOW = 65_535;

    private static final int MAX_ANSWER_HEADERS = 64 * 1024;

    /** Acknowledgements and resets that a peer has caused and does not read. */
    private static final int MAX_UNREAD_REPLIES = 1_000;

    private static final int RESETS = 1_000;
    private static final int RESETS_SECONDS = 30;

    private Http2Codecs() {}

    static Http2FrameCodec forClients() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MAX_STREAMS)
                        .maxHeaderListSize(StrictRequestDecoder.MAX_HEADERS))
                .decoupleCloseAndGoAway(true)
                .encoderEnforceMaxQueuedControlFrames(MAX_UNREAD_REPLIES)
                .encoderEnforceMaxRstFramesPerWindow(RESETS, RESETS_SECONDS)
                // StreamResets tells those who attack from those who give up often.
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .build();
    }

    static Http2FrameCodec forApp() {
        return Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(APP_STREAM_WINDOW)
                        .maxHeaderListSize(MAX_ANSWER_HEADERS))
                .decoupleCloseAndGoAway(true)
                .build();
    }
}
