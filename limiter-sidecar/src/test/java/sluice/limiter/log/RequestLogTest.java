package sluice.limiter.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sluice.limiter.metrics.AuthResult;

class RequestLogTest {

    /** The lines once there are so many: a writer whose time to close was over writes on. */
    private static List<String> lines(int count, ByteArrayOutputStream out) {
        return await().until(
                        () -> out.toString(StandardCharsets.UTF_8).lines().toList(), lines -> lines.size() >= count);
    }

    private static RequestLine line(String path) {
        return new RequestLine(0, "id", "GET", path, 200, 1_234_567, AuthResult.NONE, null);
    }

    @Test
    void writesALineForEachRequestInOrder() {
        var out = new ByteArrayOutputStream();
        try (var log = RequestLog.start(out, () -> {})) {
            for (var i = 0; i < 1_000; i++) {
                log.write(line("/" + i));
            }
        }
        var lines = lines(1_000, out);
        assertThat(lines).hasSize(1_000);
        assertThat(lines.get(999))
                .startsWith("{\"type\":\"REQUEST_LOG\",\"ts\":\"1970-01-01T00:00:00.000Z\"")
                .contains("\"/999\"");
    }

    @Test
    void cannotBeMadeToWriteALineOfSomebodyElses() throws IOException {
        var out = new ByteArrayOutputStream();
        var nasty = "/\r\n{\"type\":\"REQUEST_LOG\"}\u001b[31m\u202e\u0000\u2028\"\\é";
        try (var log = RequestLog.start(out, () -> {})) {
            log.write(line(nasty));
        }
        var written = lines(1, out);
        assertThat(written).singleElement().asString().matches("[\\x20-\\x7e]+");
        assertThat(new ObjectMapper().readTree(written.getFirst()).path("path").textValue())
                .isEqualTo(nasty);
    }

    @Test
    void cutsWhatIsVeryLong() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var log = RequestLog.start(out, () -> {})) {
            log.write(line("/" + "a".repeat(8_000)));
        }
        var written = lines(1, out).getFirst();
        assertThat(new ObjectMapper().readTree(written).path("path").textValue())
                .hasSize(1_024);
    }

    @Test
    void dropsAndCountsInsteadOfWaitingForAReaderThatIsStuck() {
        var dropped = new AtomicInteger();
        var open = new CountDownLatch(1);
        var log = RequestLog.start(new StuckStream(open), dropped::incrementAndGet);
        for (var i = 0; i < 2 * RequestLog.CAPACITY; i++) {
            log.write(line("/" + i));
        }
        assertThat(dropped.get()).isPositive();
        open.countDown();
        log.close();
    }

    private static final class StuckStream extends OutputStream {

        private final CountDownLatch open;

        private StuckStream(CountDownLatch open) {
            this.open = open;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Test
    void writesMillisecondsWithTheirFractions() {
        var out = new ByteArrayOutputStream();
        try (var log = RequestLog.start(out, () -> {})) {
            log.write(line("/"));
        }
        assertThat(lines(1, out).getFirst()).contains("\"latency_ms\":1.234,");
    }
}
