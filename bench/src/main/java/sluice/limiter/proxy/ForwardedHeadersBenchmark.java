package sluice.limiter.proxy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sluice.limiter.judge.Arm;

/** Headers of a request on its way to the app. {@link #copyOnly} is what the copy costs that the others need. */
@State(Scope.Benchmark)
public class ForwardedHeadersBenchmark {

    private static final TrustRules TRUST = new TrustRules(_ -> true, Set.of("x-user-id"));

    private final HttpHeaders headers = new DefaultHttpHeaders()
            .add("Host", "scholarships.example")
            .add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")
            .add("Accept", "application/json")
            .add("Accept-Language", "en")
            .add("Accept-Encoding", "gzip, br")
            .add("X-User-Id", "user-17")
            .add("X-Forwarded-For", "203.0.113.7")
            .add("X-Sluice-Arm", "candidate");

    @Benchmark
    public HttpHeaders copyOnly() {
        return headers.copy();
    }

    @Benchmark
    public HttpHeaders fromTrustedPeer() {
        return set(true);
    }

    @Benchmark
    public HttpHeaders fromAnybody() {
        return set(false);
    }

    private HttpHeaders set(boolean trusted) {
        var forwarded = headers.copy();
        ForwardedHeaders.set(forwarded, "127.0.0.1", trusted, TRUST, ForwardedHeaders.requestId(forwarded), Arm.STABLE);
        return forwarded;
    }
}
