package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.limiter.Robustness;
import sluice.limiter.SidecarProcess;

/** The sidecar with the memory of its image, and a crowd that would have more than that kept: everybody else is served all the while. */
@Robustness("HTTP at the sidecar")
class CrowdIT {

    private static final int BETWEEN_TWO_PROBES = 25;

    @TempDir
    private Path folder;

    private final List<Closeable> crowd = new ArrayList<>();

    @AfterEach
    void leave() throws IOException {
        for (var each : crowd) {
            each.close();
        }
    }

    private SidecarProcess sidecarBefore(InetSocketAddress app) throws IOException {
        return SidecarProcess.start(
                folder, app, "-Xmx96m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError");
    }

    /** Clients of HTTP/1.1 that say that much and no more. */
    private void join(SidecarProcess sidecar, int crowding, String says) throws IOException {
        for (var i = 0; i < crowding; i++) {
            var client = new RawClient(sidecar.port());
            crowd.add(client);
            try {
                client.send(says);
            } catch (SocketException ended) {
                // By the sidecar, before it had said all.
            }
            if (i % BETWEEN_TWO_PROBES == 0) {
                anotherIsServed(sidecar);
            }
        }
        anotherIsServed(sidecar);
    }

    private static void anotherIsServed(SidecarProcess sidecar) throws IOException {
        try (var client = new RawClient(sidecar.port())) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    private static void someWereEnded(SidecarProcess sidecar) throws IOException {
        assertThat(sidecar.metrics()).containsPattern("sluice_clients_ended_total\\S* [1-9]");
    }

    @Test
    void leavesHeadsHalfSent() throws IOException {
        try (var app = new FakeApp();
                var sidecar = sidecarBefore(app.address())) {
            join(sidecar, 3_500, "GET / HTTP/1.1\r\nHost: app\r\n" + ("X-A: " + "a".repeat(4_000) + "\r\n").repeat(7));
            someWereEnded(sidecar);
        }
    }

    @Test
    void sendsHeadersOfOneLetterWithoutEnd() throws IOException {
        try (var app = new FakeApp();
                var sidecar = sidecarBefore(app.address())) {
            join(sidecar, 300, "GET / HTTP/1.1\r\nHost: app\r\n" + "X:\r\n".repeat(8_000));
        }
    }

    /** Such as the app has ended when the sidecar still keeps a part of them, and such as it has not. */
    @ParameterizedTest
    @ValueSource(ints = {32_000, 1 << 16})
    void takesNothingOfManyAnswers(int bytes) throws Exception {
        var body = "x".repeat(bytes);
        try (var app = new FakeHttp2App().playing((stream, frame) -> FakeHttp2App.answer(stream, "200", body));
                var sidecar = sidecarBefore(app.address())) {
            for (var i = 0; i < 30; i++) {
                var client = RawHttp2.connect(sidecar.port());
                crowd.add(client);
                client.frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.NO_WINDOW);
                try {
                    for (var stream = 0; stream < Http2Codecs.MAX_STREAMS; stream++) {
                        client.get(2 * stream + 1, "/");
                    }
                } catch (SocketException ended) {
                    // By the sidecar, before it had asked for all.
                }
                try (var other = RawHttp2.connect(sidecar.port())) {
                    assertThat(other.get(1, "/").awaitStatusOrReset()).isEqualTo(200);
                }
            }
            await().untilAsserted(() -> someWereEnded(sidecar));
        }
    }
}
