package sluice.limiter.proxy;

import java.io.ByteArrayOutputStream;
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

/** Stands between the proxy and a server, changes nothing, and remembers every byte. */
final class WireTap implements AutoCloseable {

    /** What went over one connection; bytes as chars. */
    static final class Recording {

        private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
        private final ByteArrayOutputStream answers = new ByteArrayOutputStream();

        String requests() {
            return requests.toString(StandardCharsets.ISO_8859_1);
        }

        String answers() {
            return answers.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private final int server;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Recording> recordings = new CopyOnWriteArrayList<>();

    /** To the server on the loopback's port {@code server}. */
    WireTap(int server) {
        this.server = server;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    List<Recording> recordings() {
        return recordings;
    }

    private void accept() {
        try {
            while (true) {
                var proxy = listener.accept();
                var app = new Socket(InetAddress.getLoopbackAddress(), server);
                proxy.setTcpNoDelay(true);
                app.setTcpNoDelay(true);
                sockets.addAll(List.of(proxy, app));
                var recording = new Recording();
                recordings.add(recording);
                Thread.ofVirtual().start(() -> carry(proxy, app, recording.requests));
                Thread.ofVirtual().start(() -> carry(app, proxy, recording.answers));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private static void carry(Socket from, Socket to, ByteArrayOutputStream record) {
        try (from;
                to) {
            copy(from.getInputStream(), to.getOutputStream(), record);
        } catch (IOException e) {
            // One end has gone, which ends both.
        }
    }

    private static void copy(InputStream in, OutputStream out, ByteArrayOutputStream record) throws IOException {
        var buffer = new byte[1 << 16];
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            record.write(buffer, 0, read);
            out.write(buffer, 0, read);
            out.flush();
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
}
