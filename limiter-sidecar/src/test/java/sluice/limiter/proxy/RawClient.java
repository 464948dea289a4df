package sluice.limiter.proxy;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends exactly the bytes it is told to. */
final class RawClient implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** An answer; its head begins with the status line. */
    record Answer(String head, String body) {

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        String header(String name) {
            return Wire.header(name, head).orElse("");
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Over {@code socket}, which is connected. */
    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    RawClient send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    Answer get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: app\r\n\r\n").read();
    }

    Answer read() throws IOException {
        var head = Wire.readHead(in);
        return new Answer(head, Wire.readBody(head, in));
    }

    /** The answer to a HEAD, or an interim one. */
    Answer readHead() throws IOException {
        return new Answer(Wire.readHead(in), "");
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** What is left until the proxy closes. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** True when the proxy ends the connection in order, false when it resets it. */
    boolean isClosedInOrder() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return false;
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
