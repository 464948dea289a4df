package sluice.limiter.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An app behind the proxy, played by a script on raw sockets, so that it can also misbehave. */
final class FakeApp implements AutoCloseable {

    /** What the app does with a connection. */
    @FunctionalInterface
    interface Script {
        void play(Connection connection) throws IOException;
    }

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Script script = FakeApp::answerAll;

    FakeApp() {
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    FakeApp playing(Script next) {
        script = next;
        return this;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** The heads of all requests so far. */
    List<String> heads() {
        return heads;
    }

    String lastHead() {
        return heads.getLast();
    }

    int connections() {
        return connections.get();
    }

    /** Closes every open connection with a reset. */
    void resetAll() throws IOException {
        for (var socket : sockets) {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> play(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void play(Socket socket) {
        try (socket) {
            script.play(new Connection(socket));
        } catch (IOException e) {
            // The proxy went away, which the test itself looks at.
        }
    }

    /** Answers every request with 200 and the length of its body. */
    private static void answerAll(Connection connection) throws IOException {
        for (var head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            var body = connection.readBody(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + (head.startsWith("HEAD ") ? "" : body));
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, as the app sees it. */
    final class Connection {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** The next head with its blank line; empty when the proxy has closed. */
        String readHead() throws IOException {
            var head = Wire.readHead(in);
            if (!head.isEmpty()) {
                heads.add(head);
            }
            return head;
        }

        String readBody(String head) throws IOException {
            return Wire.readBody(head, in);
        }

        InputStream in() {
            return in;
        }

        OutputStream out() {
            return out;
        }

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** A read that waits longer than {@code millis} fails. */
        void idleTimeout(int millis) throws IOException {
            socket.setSoTimeout(millis);
        }

        void close() throws IOException {
            socket.close();
        }

        /** Closes with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
