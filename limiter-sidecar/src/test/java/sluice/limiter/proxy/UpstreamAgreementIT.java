package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.limiter.Robustness;

/**
 * Sidecar and upstream never disagree on where a request ends. Every stream of {@link AmbiguousStreams}, followed by a request that
 * marks its end, goes through the sidecar to real servers. What the sidecar has sent, what it has logged, what the server says it has
 * read and what the clients were told are the same requests, on every connection in the same order.
 */
@Robustness("agreement with real servers")
class UpstreamAgreementIT {

    private static final Pattern SEEN = Pattern.compile("(?mi)^x-seen: (.*?)\\s*$");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-5]\\d\\d) ");

    enum Kind {
        NGINX,
        APACHE,
        HAPROXY,
        NODE,
        GUNICORN,
        UVICORN,
        HYPERCORN,
        GO,
        TOMCAT;

        RealServer start(Path folder) {
            return switch (this) {
                case NGINX -> RealServer.nginx(folder);
                case APACHE -> RealServer.apache(folder);
                case HAPROXY -> RealServer.haproxy(folder);
                case NODE -> RealServer.node(folder);
                case GUNICORN -> RealServer.gunicorn(folder);
                case UVICORN -> RealServer.uvicorn(folder);
                case HYPERCORN -> RealServer.hypercorn(folder);
                case GO -> RealServer.go(folder);
                case TOMCAT -> RealServer.tomcat(folder);
            };
        }
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void seesTheRequestsThatTheSidecarHasSentAndNoOthers(Kind kind) throws Exception {
        // A stream whose last request has no end must not be waited for as long as usual.
        var tuning = ProxyTuning.from(Map.of("SLUICE_BODY_TIMEOUT", "2s", "SLUICE_HEAD_TIMEOUT", "2s"));
        try (var server = kind.start(folder);
                var tap = new WireTap(server.port());
                var proxy = new ProxyHarness(tuning, tap.address())) {
            var told = new ArrayList<String>();
            for (var stream : AmbiguousStreams.sound()) {
                var answers = exchange(proxy, stream);
                assertThat(seen(answers)).as(stream).last().isEqualTo("GET /marker");
                told.addAll(seen(answers));
            }
            for (var stream : AmbiguousStreams.all()) {
                told.addAll(seen(exchange(proxy, stream)));
            }
            var sent = agreed(tap.recordings());
            assertThat(told).containsExactlyInAnyOrderElementsOf(sent);
            await().untilAsserted(() -> assertThat(proxy.logLines())
                    .filteredOn(line -> line.contains("\"status_code\":200"))
                    .hasSameSizeAs(sent));
            assertThat(sent).hasSizeGreaterThan(2 * AmbiguousStreams.sound().size());
        }
    }

    private static String exchange(ProxyHarness proxy, String stream) throws IOException {
        try (var client = proxy.client()) {
            client.send(stream + "GET /marker HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
            return client.readToEnd();
        } catch (SocketException e) {
            throw new IOException("reset after: " + stream, e);
        }
    }

    private static List<String> seen(String answers) {
        return SEEN.matcher(answers).results().map(match -> match.group(1)).toList();
    }

    /** All requests that were sent, after it has been checked that they are those that the server has read. */
    private static List<String> agreed(List<WireTap.Recording> recordings) {
        return recordings.stream().flatMap(UpstreamAgreementIT::agreed).toList();
    }

    private static Stream<String> agreed(WireTap.Recording recording) {
        var sent = StrictRequests.parse(recording.requests());
        assertThat(seen(recording.answers())).containsExactlyElementsOf(sent.complete());
        // One more may say that a body had no end.
        assertThat(STATUS.matcher(recording.answers()).results().map(MatchResult::group))
                .hasSizeBetween(
                        sent.complete().size(),
                        sent.complete().size() + (sent.rest().isEmpty() ? 0 : 1));
        return sent.complete().stream();
    }
}
