package sluice.limiter.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** A client that sends exactly the frames of HTTP/2 it is told to. */
final class RawHttp2 implements Closeable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final long NO_ERROR = 0;
    static final long PROTOCOL_ERROR = 1;
    static final long FLOW_CONTROL_ERROR = 3;
    static final long STREAM_CLOSED = 5;
    static final long FRAME_SIZE_ERROR = 6;
    static final long REFUSED_STREAM = 7;
    static final long CANCEL = 8;
    static final long COMPRESSION_ERROR = 9;
    static final long ENHANCE_YOUR_CALM = 11;

    /** SETTINGS_INITIAL_WINDOW_SIZE of 0. */
    static final byte[] NO_WINDOW = {0, 4, 0, 0, 0, 0};

    /** SETTINGS_INITIAL_WINDOW_SIZE of as much as it may be. */
    static final byte[] LARGEST_WINDOW = {0, 4, 0x7f, -1, -1, -1};

    private static final int UNKNOWN = 0x50;
    private static final int PATIENCE_MILLIS = 30_000;

    record Frame(int type, int flags, int stream, ByteBuf payload) {

        boolean endsStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The error code of a reset or a farewell. */
        long code() {
            return payload.getUnsignedInt(type == GOAWAY ? 4 : 0);
        }

        int lastStream() {
            return payload.getInt(0);
        }

        String text() {
            return payload.toString(StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    RawHttp2(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** A connection whose preface has been sent. */
    static RawHttp2 connect(int port) throws IOException {
        return connect(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** The same over {@code socket}, which is connected. */
    static RawHttp2 connect(Socket socket) throws IOException {
        var client = new RawHttp2(socket);
        client.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        client.frame(SETTINGS, 0, 0);
        return client;
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    RawHttp2 frame(int type, int flags, int stream, byte... payload) throws IOException {
        raw(bytes(type, flags, stream, payload));
        return this;
    }

    /** The bytes of one frame. */
    static byte[] bytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A frame of a type that nobody knows, which is to be ignored (RFC 9113, section 5.5). */
    static byte[] unknown(int length) {
        return bytes(UNKNOWN, 0, 0, new byte[length]);
    }

    static byte[] number(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    RawHttp2 data(int stream, boolean end, String text) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A sound request's head, with more header fields after it. */
    RawHttp2 request(int stream, boolean end, String method, String path, String... more) throws IOException {
        var block = new ByteArrayOutputStream();
        block.writeBytes(block(":method", method, ":scheme", "http", ":path", path, ":authority", "app"));
        block.writeBytes(block(more));
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
    }

    RawHttp2 get(int stream, String path) throws IOException {
        return request(stream, true, "GET", path);
    }

    /** Names and values, as literals that enter no table (RFC 7541, section 6.2.2). */
    static byte[] block(String... fields) {
        var block = new ByteArrayOutputStream();
        for (var i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(fields[i], block);
            literal(fields[i + 1], block);
        }
        return block.toByteArray();
    }

    static void literal(String text, ByteArrayOutputStream block) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            var rest = bytes.length - 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    Frame read() throws IOException {
        var length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        var type = in.readUnsignedByte();
        var flags = in.readUnsignedByte();
        var stream = in.readInt();
        return new Frame(type, flags, stream, Unpooled.wrappedBuffer(in.readNBytes(length)));
    }

    /** The next frame of {@code type}; others before it are dropped. */
    Frame await(int type) throws IOException {
        var frame = read();
        while (frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** The next frame of a stream that carries a message or ends it. */
    Frame awaitStream() throws IOException {
        var frame = read();
        while (frame.type() != HEADERS && frame.type() != DATA && frame.type() != RST_STREAM) {
            if (frame.type() == GOAWAY) {
                throw new EOFException(
                        "GOAWAY " + frame.code() + " " + frame.text().substring(8));
            }
            frame = read();
        }
        return frame;
    }

    Http2Headers headers(Frame frame) throws Http2Exception {
        return decoder.decodeHeaders(frame.stream(), frame.payload().duplicate());
    }

    /** The next head of an answer. */
    Http2Headers awaitHeaders() throws Exception {
        var frame = awaitStream();
        if (frame.type() != HEADERS) {
            throw new IOException("no HEADERS but " + frame);
        }
        return headers(frame);
    }

    /** The status of the next answer; of one that is reset the error code, negative. */
    long awaitStatusOrReset() throws Exception {
        var frame = awaitStream();
        while (frame.type() == DATA) {
            frame = awaitStream();
        }
        return frame.type() == RST_STREAM
                ? -frame.code()
                : Long.parseLong(headers(frame).status().toString());
    }

    /** The error code with which the proxy closes the connection; empty when it says none. */
    OptionalLong awaitFarewell() throws IOException {
        var code = OptionalLong.empty();
        try {
            while (true) {
                var frame = read();
                if (frame.type() == GOAWAY) {
                    code = OptionalLong.of(frame.code());
                }
            }
        } catch (EOFException | SocketException closed) {
            return code;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
