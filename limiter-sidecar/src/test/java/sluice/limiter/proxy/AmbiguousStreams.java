package sluice.limiter.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Byte streams of one or more requests on whose ends two servers could disagree, and some on which they must not. */
final class AmbiguousStreams {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: app\r\n\r\n";
    private static final String LENGTH = "Content-Length: " + SMUGGLED.length() + "\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String POST = "POST /post HTTP/1.1\r\nHost: app\r\n";
    private static final String GET = "GET /get HTTP/1.1\r\nHost: app\r\n";
    private static final String IN_A_CHUNK =
            Integer.toHexString(SMUGGLED.length()) + "\r\n" + SMUGGLED + "\r\n0\r\n\r\n";

    private AmbiguousStreams() {}

    static List<String> all() {
        var all = new ArrayList<>(sound());
        StrictParsingTest.malformedHeads().forEach(row -> all.add(String.valueOf(row.get()[2])));
        FramingTricksTest.heads().forEach(row -> all.add(String.valueOf(row.get()[2])));
        Stream.concat(StrictParsingTest.malformedChunks(), FramingTricksTest.chunks())
                .forEach(row -> all.add(POST + CHUNKED + "\r\n" + row.get()[row.get().length - 1] + SMUGGLED));
        return all;
    }

    /** Those that must get through, whole and to the last request. */
    static List<String> sound() {
        return List.of(
                GET + "\r\n",
                "\r\n\r\n" + GET + "\r\n",
                GET + "\r\n" + GET + "\r\n" + GET + "\r\n",
                "GET /get?a=b&c=%2F&d=//.. HTTP/1.1\r\nHost: app\r\n\r\n",
                "GET http://app/get HTTP/1.1\r\nHost: app\r\n\r\n",
                "HEAD /head HTTP/1.1\r\nHost: app\r\n\r\n" + GET + "\r\n",
                "HEAD /head HTTP/1.1\r\nHost: app\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + LENGTH + "\r\n" + SMUGGLED,
                POST + LENGTH + "\r\n" + SMUGGLED + "\r\n",
                POST + CHUNKED + "\r\n" + IN_A_CHUNK,
                POST + CHUNKED + "\r\n0\r\n\r\n" + GET + "\r\n",
                POST + "Content-Length: 0\r\n\r\n" + GET + "\r\n",
                POST + "\r\n" + GET + "\r\n",
                GET + LENGTH + "\r\n" + SMUGGLED,
                GET + CHUNKED + "\r\n" + IN_A_CHUNK,
                "DELETE /delete HTTP/1.1\r\nHost: app\r\n" + LENGTH + "\r\n" + SMUGGLED,
                "OPTIONS /options HTTP/1.1\r\nHost: app\r\n" + CHUNKED + "\r\n" + IN_A_CHUNK,
                "PUT /put HTTP/1.1\r\nHost: app\r\n" + LENGTH + "\r\n" + SMUGGLED + POST + CHUNKED + "\r\n"
                        + IN_A_CHUNK,
                POST + "transfer-encoding:CHUNKED\r\n\r\n" + IN_A_CHUNK,
                POST + "Transfer-Encoding:\t chunked \t\r\n\r\n" + IN_A_CHUNK,
                POST + "Content-Length:  0002 \r\n\r\nhi",
                POST + CHUNKED + "\r\n0002\r\nhi\r\n000\r\n\r\n",
                POST + CHUNKED + "\r\n2;a=b;c=\"d\"\r\nhi\r\n0;e\r\n\r\n",
                POST + CHUNKED + "\r\n2 ;a\r\nhi\r\n0\r\n\r\n",
                POST + CHUNKED + "Trailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Length: 50\r\n\r\n",
                POST + CHUNKED + "\r\n2\r\nhi\r\n0\r\nTransfer-Encoding: identity\r\nHost: other\r\n\r\n",
                POST + "Transfer_Encoding: chunked\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + "Content_Length: 0\r\n" + CHUNKED + "\r\n" + IN_A_CHUNK,
                POST + "X-Transfer-Encoding: chunked\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + "Connection: Content-Length\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + "Connection: Transfer-Encoding, Host\r\n" + CHUNKED + "\r\n" + IN_A_CHUNK,
                POST + "Expect: 100-continue\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + "Expect: 100-Continue\r\n" + CHUNKED + "\r\n" + IN_A_CHUNK,
                GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                        + GET + "\r\n",
                GET + "Connection: TE\r\nTE: trailers, chunked\r\n\r\n" + GET + "\r\n",
                GET + "Keep-Alive: timeout=1\r\nProxy-Connection: close\r\n\r\n" + GET + "\r\n",
                POST + "Content-Encoding: chunked\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + "X-HTTP-Method-Override: GET\r\n" + LENGTH + "\r\n" + SMUGGLED,
                POST + "Content-Type: multipart/form-data; boundary=a\r\n" + LENGTH + "\r\n" + SMUGGLED,
                GET + "X-A: \u00e9\r\nX-B:\r\nX-C: \t\r\n\r\n" + GET + "\r\n",
                GET + "X-Long: " + "a".repeat(8000) + "\r\n\r\n" + GET + "\r\n");
    }
}
