package sluice.limiter.proxy;

import java.util.HashSet;
import java.util.Set;
import sluice.limiter.judge.RequestJudge;
import sluice.limiter.log.RequestLog;
import sluice.limiter.metrics.SidecarMetrics;

/** What all connections of one event loop share. Belongs to that loop, its two switches aside. */
final class ProxyEnvironment {

    private final RequestJudge judge;
    private final SidecarMetrics metrics;
    private final RequestLog log;
    private ProxyTimeouts timeouts;
    private final UpstreamPool upstreams;
    private final Http2Upstreams streamUpstreams;
    private final RateLimitFields rateLimitFields = new RateLimitFields();
    private final Answers answers = new Answers(rateLimitFields);
    private final Set<Watched> clients = new HashSet<>();
    private final Set<Tunnel> tunnels = new HashSet<>();
    private final MemoryBudget memory;
    private volatile TrustRules trust = TrustRules.NOBODY;
    private volatile boolean draining;

    ProxyEnvironment(
            RequestJudge judge,
            SidecarMetrics metrics,
            RequestLog log,
            ProxyTimeouts timeouts,
            UpstreamPool upstreams,
            Http2Upstreams streamUpstreams,
            long memory) {
        this.judge = judge;
        this.metrics = metrics;
        this.log = log;
        this.timeouts = timeouts;
        this.upstreams = upstreams;
        this.streamUpstreams = streamUpstreams;
        this.memory = new MemoryBudget(memory, clients, tunnels, metrics::clientEnded);
    }

    RequestJudge judge() {
        return judge;
    }

    SidecarMetrics metrics() {
        return metrics;
    }

    RequestLog log() {
        return log;
    }

    ProxyTimeouts timeouts() {
        return timeouts;
    }

    UpstreamPool upstreams() {
        return upstreams;
    }

    /** For what came as HTTP/2. */
    Http2Upstreams streamUpstreams() {
        return streamUpstreams;
    }

    RateLimitFields rateLimitFields() {
        return rateLimitFields;
    }

    Answers answers() {
        return answers;
    }

    Set<Watched> clients() {
        return clients;
    }

    Set<Tunnel> tunnels() {
        return tunnels;
    }

    MemoryBudget memory() {
        return memory;
    }

    TrustRules trust() {
        return trust;
    }

    void trust(TrustRules rules) {
        trust = rules;
    }

    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    /** Has less patience from now on. */
    void stop() {
        draining = true;
        timeouts = timeouts.whileStopping();
    }
}
