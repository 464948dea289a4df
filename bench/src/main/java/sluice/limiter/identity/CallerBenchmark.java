package sluice.limiter.identity;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import sluice.limiter.config.Cidr;

/** What each request costs before a bucket is touched: the client's address, the hash for keys, the place in a canary. */
@State(Scope.Benchmark)
public class CallerBenchmark {

    private static final String UID = "6f0c2a54-7d1e-4f0e-9c55-0a3b8d1f6e21";

    private final String identity = "user:7f3a9c2e-user";
    private final InetAddress peer = InetAddress.getLoopbackAddress();
    private final List<Cidr> proxies = List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("127.0.0.0/8"));
    private final HttpHeaders headers = new DefaultHttpHeaders()
            .add("Host", "scholarships.example")
            .add("X-Forwarded-For", "203.0.113.7, 198.51.100.23, 10.1.2.3");

    @Benchmark
    public CallerKey hashedKey() {
        return CallerKey.of(UID, identity);
    }

    @Benchmark
    public boolean armBucket() {
        return ArmBucket.isWithin(UID, identity, 10);
    }

    @Benchmark
    public String clientAddressOfThreeHops() {
        return ClientAddress.name(ClientAddress.of(peer, headers, proxies), 64);
    }
}
