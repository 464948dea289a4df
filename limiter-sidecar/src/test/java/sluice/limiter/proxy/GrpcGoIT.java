package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.judge.Outcome;

/** Calls of grpc-go's client to grpc-go's server, through the sidecar and without it: src/test/go/grpcpeer. */
class GrpcGoIT {

    @TempDir
    private static Path folder;

    private static Path program;

    private Process server;
    private int port;
    private ProxyHarness proxy;

    /** Takes a minute or two the first time, to compile grpc-go. */
    @BeforeAll
    static void build() throws Exception {
        program = folder.resolve("grpcpeer");
        var go = new ProcessBuilder(RealServer.go(), "build", "-o", program.toString(), ".")
                .directory(Path.of("src", "test", "go", "grpcpeer").toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(go.waitFor()).as(said).isZero();
    }

    @BeforeEach
    void start() throws IOException {
        server = new ProcessBuilder(program.toString(), "serve")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var line =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine();
        port = Integer.parseInt(line);
        proxy = new ProxyHarness(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.destroyForcibly();
    }

    private static List<String> peer(String how, int port) throws IOException, InterruptedException {
        var client = new ProcessBuilder(program.toString(), how, "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .start();
        var said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(client.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    @Test
    void goThroughAsTheyGoWithout() throws Exception {
        var through = peer("call", proxy.server().port());

        assertThat(through)
                .containsExactly(
                        "unary: hello [h] [t] [00ff]",
                        "large message: 3145728 bytes, the same: true",
                        "client streams: 10000 bytes",
                        "server streams: 1000 messages in order",
                        "both stream: 100 turns, then the end, trailer [t]",
                        "trailers only: NotFound \"no such thing: grüße\"",
                        "failure half way: one, then Aborted \"half way\"",
                        "unknown method: Unimplemented \"/peer/Unknown\"",
                        "deadline: DeadlineExceeded, and the server knows",
                        "many at a time: 300 served")
                .isEqualTo(peer("call", port));
    }

    @Test
    void areToldTheirLimit() throws Exception {
        proxy.judge().says(new Outcome.Throttle(FakeJudge.API, Optional.of(Duration.ofMillis(1_200))));

        assertThat(peer("once", proxy.server().port()))
                .containsExactly(
                        "ResourceExhausted \"The limit api allows 100 requests in 60 s.\" [2000] [\"api\";r=12;t=2]");
    }
}
