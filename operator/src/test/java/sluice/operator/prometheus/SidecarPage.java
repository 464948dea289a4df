package sluice.operator.prometheus;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A {@code /metrics} page as sidecars publish it, its counters growing evenly with time. */
public final class SidecarPage implements AutoCloseable {
    private static final List<String> BUCKETS = List.of("0.05", "0.12", "0.3", "1", "+Inf");

    /**
     * One arm of one rollout.
     *
     * @param perSecond requests
     * @param errors share of 5xx
     * @param slow share that takes between 0.3 and 1 s; the others take less than 0.05 s
     * @param unauthorized share with an invalid token
     * @param throttled share the limiter rejected
     */
    public record Arm(
            String rollout,
            String arm,
            String revision,
            double perSecond,
            double errors,
            double slow,
            double unauthorized,
            double throttled) {
        public static Arm healthy(String rollout, String arm, String revision) {
            return new Arm(rollout, arm, revision, 100, 0, 0, 0.01, 0);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final boolean inFallback;
    private final List<Arm> arms;
    private final long started = System.nanoTime();

    public SidecarPage(Arm... arms) {
        this(false, arms);
    }

    /** @param inFallback whether it limits in memory because Redis cannot be asked */
    public SidecarPage(boolean inFallback, Arm... arms) {
        this.inFallback = inFallback;
        this.arms = List.of(arms);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                byte[] page = page().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
    }

    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private String page() {
        double seconds = (System.nanoTime() - started) / 1e9;
        StringBuilder page = new StringBuilder();
        for (Arm arm : arms) {
            append(page, arm, arm.perSecond() * seconds);
        }
        arms.stream()
                .map(Arm::rollout)
                .distinct()
                .forEach(rollout -> page.append("""
                                sluice_busiest_identity_ratio{rollout="%s"} 0.25
                                sluice_fallback_active{rollout="%s"} %d
                                """.formatted(rollout, rollout, inFallback ? 1 : 0)));
        return page.toString();
    }

    private static void append(StringBuilder page, Arm arm, double requests) {
        String labels = "rollout=\"%s\",arm=\"%s\",revision=\"%s\"".formatted(arm.rollout(), arm.arm(), arm.revision());
        double answered = requests * (1 - arm.throttled());
        counter(page, "sluice_decisions_total", labels + ",decision=\"allow\",backend=\"redis\"", answered);
        counter(
                page,
                "sluice_decisions_total",
                labels + ",decision=\"throttle\",backend=\"redis\"",
                requests - answered);
        counter(page, "sluice_app_responses_total", labels + ",class=\"2xx\"", answered * (1 - arm.errors()));
        counter(page, "sluice_app_responses_total", labels + ",class=\"5xx\"", answered * arm.errors());
        counter(page, "sluice_auth_total", labels + ",result=\"ok\"", answered * (1 - arm.unauthorized()));
        counter(page, "sluice_auth_total", labels + ",result=\"invalid\"", answered * arm.unauthorized());
        for (String le : BUCKETS) {
            boolean all = "1".equals(le) || "+Inf".equals(le);
            double count = all ? answered : answered * (1 - arm.slow());
            counter(page, "sluice_app_latency_seconds_bucket", labels + ",le=\"" + le + "\"", count);
        }
        counter(page, "sluice_app_latency_seconds_count", labels, answered);
    }

    private static void counter(StringBuilder page, String name, String labels, double value) {
        page.append(String.format(Locale.ROOT, "%s{%s} %.6f%n", name, labels, value));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
