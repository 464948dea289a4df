package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another implementation of HTTP/2, nghttp2 in curl, agrees with ours. */
class Http2CurlIT {

    private FakeHttp2App app;
    private ProxyHarness proxy;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        app = new FakeHttp2App();
        proxy = new ProxyHarness(app.address());
    }

    @AfterEach
    void stop() {
        proxy.close();
        app.close();
    }

    /** What curl prints: the body, and after it the version and the status. */
    private String curl(String... options) throws IOException, InterruptedException {
        var command = Stream.of(
                        List.of("curl", "-s", "--http2-prior-knowledge", "-w", "|%{http_version}|%{http_code}"),
                        List.of(options),
                        List.of("http://127.0.0.1:" + proxy.server().port() + "/"))
                .flatMap(List::stream)
                .toList();
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return printed;
    }

    @Test
    void getsAnAnswer() throws Exception {
        assertThat(curl()).isEqualTo("hello|2|200");
    }

    /** More than once: a window that is not opened again at the right moment stops one upload in six. */
    @RepeatedTest(12)
    void uploadsALargeFile() throws Exception {
        var taken = new AtomicLong();
        app.playing((stream, frame) -> take(stream, frame, taken));
        var file = Files.write(folder.resolve("large"), new byte[5_000_000]);
        assertThat(curl("--data-binary", "@" + file)).isEqualTo("taken|2|200");
        assertThat(taken).hasValue(5_000_000);
    }

    private static void take(Channel stream, Http2StreamFrame frame, AtomicLong taken) {
        if (frame instanceof Http2DataFrame data) {
            taken.addAndGet(data.content().readableBytes());
        }
        if (FakeHttp2App.ends(frame)) {
            FakeHttp2App.answer(stream, "200", "taken");
        }
    }

    @Test
    void getsNoBodyForAHead() throws Exception {
        app.playing((stream, frame) -> FakeHttp2App.head(stream, "200", true, "content-length", "5"));
        assertThat(curl("--head")).contains("HTTP/2 200", "content-length: 5").endsWith("|2|200");
    }

    /** An app that speaks HTTP/1.1 gets what came as such, in front of the same port. */
    @Test
    void staysWithHttp1WhenAskedToUpgrade() throws Exception {
        try (var plain = new ProxyHarness()) {
            var process = new ProcessBuilder(
                            "curl",
                            "-s",
                            "--http2",
                            "-w",
                            "%{http_version}",
                            "http://127.0.0.1:" + plain.server().port() + "/")
                    .start();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("1.1");
            assertThat(plain.app().lastHead()).doesNotContainIgnoringCase("upgrade", "http2-settings");
        }
    }
}
