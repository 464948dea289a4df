package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A GiB in either direction, and bodies without an end, in the memory of a few buffers. */
class LargeBodiesIT {

    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 1 << 10;
    private static final long BOUND = 16L << 20;
    private static final int EVENTS = 100;

    private ProxyHarness proxy;
    // What tests before have left in the allocator's pools.
    private long before;

    @BeforeEach
    void start() {
        proxy = new ProxyHarness();
        before = usedMemory();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static long usedMemory() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private static void writeAll(OutputStream out) throws IOException {
        var block = new byte[BLOCK];
        for (var i = 0; i < BLOCKS; i++) {
            out.write(block);
        }
    }

    /** Reads it all and returns the most memory that Netty held meanwhile, beside what it held before. */
    private long readAll(InputStream in) throws IOException {
        var peak = 0L;
        var block = new byte[BLOCK];
        for (var i = 0; i < BLOCKS; i++) {
            assertThat(in.readNBytes(block, 0, BLOCK)).isEqualTo(BLOCK);
            peak = Math.max(peak, usedMemory() - before);
        }
        return peak;
    }

    /** At least {@code length} bytes, however they were cut into chunks on their way. */
    private static String readChunks(InputStream in, int length) throws IOException {
        var text = new StringBuilder();
        while (text.length() < length) {
            var size = Integer.parseInt(Wire.readLine(in), 16);
            text.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
            Wire.readLine(in);
        }
        return text.toString();
    }

    @Test
    void carriesAGibibyteDown() throws Exception {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) BLOCK * BLOCKS + "\r\n\r\n");
            writeAll(connection.out());
        });
        try (var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            assertThat(readAll(client.in())).isLessThan(BOUND);
        }
    }

    @Test
    void carriesAGibibyteUp() throws Exception {
        var peak = new CompletableFuture<Long>();
        proxy.app().playing(connection -> {
            connection.readHead();
            peak.complete(readAll(connection.in()));
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: " + (long) BLOCK * BLOCKS + "\r\n\r\n");
            writeAll(client.out());
            assertThat(peak.orTimeout(60, TimeUnit.SECONDS).join()).isLessThan(BOUND);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void carriesEachEventOfAnEndlessAnswerAtOnceAndTellsTheAppWhenNobodyListensAnyMore() throws Exception {
        var gone = new CompletableFuture<Void>();
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            try {
                while (true) {
                    connection.send("9\r\ndata: 1\n\n\r\n");
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            } catch (IOException e) {
                gone.complete(null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (var client = proxy.client()) {
            client.send("GET /events HTTP/1.1\r\nHost: app\r\n\r\n").readHead();
            assertThat(readChunks(client.in(), "data: 1\n\n".length() * EVENTS)).startsWith("data: 1\n\ndata: 1\n\n");
        }
        gone.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void carriesEachPieceOfAnEndlessRequestAtOnceAndBothWays() throws Exception {
        proxy.app().playing(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                var size = Wire.readLine(connection.in());
                var piece = Wire.readLine(connection.in());
                connection.send(size + "\r\n" + piece + "\r\n");
            }
        });
        try (var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .readHead();
            for (var i = 0; i < EVENTS; i++) {
                client.send("5\r\npiece\r\n");
                assertThat(readChunks(client.in(), "piece".length())).isEqualTo("piece");
            }
        }
    }
}
