package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Valid requests with a few bytes changed. What gets through is strict HTTP, is what the sidecar has logged, and is answered once;
 * everything else is the client's error.
 */
class RequestMutationTest {

    private static final String MARKER = "GET /marker HTTP/1.1\r\nHost: app\r\n\r\n";
    // Ends whatever the marker did not: a head is too long with it, a chunk malformed, a body of five digits full.
    private static final String FILLER = "A".repeat(110_000);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final Pattern LOGGED =
            Pattern.compile("\"method\":\"([^\"]*)\",\"path\":\"([^\"]*)\",\"status_code\":200");

    private static final List<String> VALID = List.of(
            "GET /a HTTP/1.1\r\nHost: app\r\nX-A: b\r\n\r\n",
            "POST /b HTTP/1.1\r\nHost: app\r\nContent-Length: 11\r\n\r\nhello world",
            "POST /c HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-T: u\r\n\r\n",
            "PUT /d?e=f HTTP/1.1\r\nHost: app\r\nContent-Length: 42\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: app\r\nX-A: bc\r\n\r\n",
            "POST /g HTTP/1.0\r\nHost: app\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi",
            "OPTIONS /h HTTP/1.1\r\nHost: app\r\nConnection: X-A, TE\r\nX-A: b\r\nTE: trailers\r\n\r\n");

    private static final List<String> TRICKS = List.of(
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            "\0",
            "\u000b",
            "\u007f",
            "\u00ff",
            ":",
            ",",
            ";",
            "+",
            "-",
            "0",
            "1",
            "9",
            "a",
            "x",
            "_",
            "\"",
            "/",
            "%",
            "%0d%0a",
            "Content-Length: 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Host: app\r\n",
            "chunked",
            "identity",
            "0\r\n\r\n",
            "HTTP/1.1",
            "GET /smuggled HTTP/1.1\r\nHost: app\r\n\r\n");

    /** One change of a text, at a place in per mille of its length. */
    private record Mutation(int place, int removed, String inserted) {

        String of(String text) {
            var at = text.length() * place / 1000;
            return text.substring(0, at) + inserted + text.substring(Math.min(text.length(), at + removed));
        }
    }

    @Provide
    Arbitrary<String> mutated() {
        var mutation = Combinators.combine(
                        Arbitraries.integers().between(0, 999),
                        Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(3, 1), Tuple.of(1, 4)),
                        Arbitraries.of(TRICKS).injectNull(0.2).map(trick -> trick == null ? "" : trick))
                .as(Mutation::new);
        return Combinators.combine(
                        Arbitraries.of(VALID).list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join("", parts)),
                        mutation.list().ofMaxSize(3))
                .as(RequestMutationTest::apply);
    }

    private static String apply(String valid, List<Mutation> mutations) {
        var text = valid;
        for (var mutation : mutations) {
            text = mutation.of(text);
        }
        return text;
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void getsThroughAsStrictHttpOrNotAtAll(@ForAll("mutated") String bytes) throws IOException {
        try (var app = new FakeApp().playing(RequestMutationTest::answerStrictRequests);
                var tap = new WireTap(app.address().getPort());
                var proxy = new ProxyHarness(
                        ProxyTuning.from(Map.of("SLUICE_BODY_TIMEOUT", "500ms", "SLUICE_HEAD_TIMEOUT", "500ms")),
                        tap.address());
                var client = proxy.client()) {
            var statuses = statuses(client, bytes + MARKER + FILLER);
            var forwarded = forwarded(tap);
            var answered = statuses.stream().filter(status -> status == 200).count();
            assertThat(answered).isEqualTo(forwarded.size());
            // At most the last is refused, or was not answered because its end never came.
            assertThat(statuses.stream().filter(status -> status != 200).toList())
                    .hasSizeLessThanOrEqualTo(1)
                    .allMatch(status -> status >= 400 && status < 500);
            await().untilAsserted(() -> assertThat(logged(proxy)).isEqualTo(forwarded));
        }
    }

    /** Answers each request that the strict reader finds. */
    private static void answerStrictRequests(FakeApp.Connection connection) throws IOException {
        var bytes = new StringBuilder();
        var answered = 0;
        for (var next = connection.in().read();
                next >= 0;
                next = connection.in().read()) {
            bytes.append((char) next);
            if (connection.in().available() > 0) {
                continue;
            }
            for (var seen = StrictRequests.parse(bytes.toString()).complete().size(); answered < seen; answered++) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }
    }

    private static List<Integer> statuses(RawClient client, String request) throws IOException {
        var sending = Thread.ofVirtual().start(() -> {
            try {
                client.send(request);
            } catch (IOException e) {
                // The proxy has closed, as it should when it has refused.
            }
        });
        var answers = new StringBuilder();
        try {
            for (var next = client.in().read(); next >= 0; next = client.in().read()) {
                answers.append((char) next);
            }
        } catch (SocketException e) {
            // Closed while more was still being sent.
        }
        sending.interrupt();
        return STATUS.matcher(answers)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .filter(status -> status >= 200)
                .toList();
    }

    /** Method and path of each request that got through whole, connection by connection. */
    private static List<String> forwarded(WireTap tap) {
        var all = new ArrayList<String>();
        for (var recording : tap.recordings()) {
            var read = StrictRequests.parse(recording.requests());
            read.complete().forEach(request -> all.add(request.replaceAll("^(\\S+) ([^? ]*).*", "$1 $2")));
        }
        return all;
    }

    private static List<String> logged(ProxyHarness proxy) {
        return proxy.logLines().stream()
                .map(LOGGED::matcher)
                .filter(Matcher::find)
                .map(line -> line.group(1) + " " + line.group(2))
                .toList();
    }
}
