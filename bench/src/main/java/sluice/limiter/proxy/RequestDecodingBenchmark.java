package sluice.limiter.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request's head, from the bytes of one read to a request that every server reads as we do. */
@State(Scope.Benchmark)
public class RequestDecodingBenchmark {

    private static final byte[] HEAD = """
            GET /api/scholarships/4711?page=2 HTTP/1.1\r
            Host: scholarships.example\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r
            Accept: application/json\r
            Accept-Language: en\r
            Accept-Encoding: gzip, br\r
            X-User-Id: user-17\r
            X-Forwarded-For: 203.0.113.7\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);

    private final EmbeddedChannel channel =
            new EmbeddedChannel(new StrictRequestDecoder(RequestDecodingBenchmark::notHttp2));

    private static void notHttp2() {
        throw new IllegalStateException("the head is one of HTTP/1.1");
    }

    @Benchmark
    public Object decodeAndCheck() {
        channel.writeInbound(Unpooled.wrappedBuffer(HEAD));
        HttpRequest request = channel.readInbound();
        // The end of a body that there is none of.
        ReferenceCountUtil.release(channel.readInbound());
        return HeadCheck.of(request);
    }
}
