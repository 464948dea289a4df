package sluice.limiter.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import sluice.limiter.config.JsonTree;
import sluice.limiter.config.LimiterConfig;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.identity.ArmBucket;
import sluice.limiter.judge.Arm;
import sluice.limiter.judge.Judgement;
import sluice.limiter.judge.RequestHead;
import sluice.limiter.redis.RedisMetrics;

/** The real sidecar from the line of the stream to the choice of the arm, without its sockets, files and threads. */
public final class SidecarCore {

    /** What sidecars that are used by one thread can share. */
    public static final class Workbench {

        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final JudgeAssembly assembly = new JudgeAssembly(
                Path.of("no-secrets"), channel.eventLoop(), new RedisMetrics(new SimpleMeterRegistry()));
        private final Map<Place, InetAddress> callers = new HashMap<>();
    }

    /** The last percent that a weight admits, where a rollout's callers stand in it. */
    private record Place(String uid, int weight) {}

    private final Workbench bench;
    private final CurrentConfig current = new CurrentConfig();
    private final Lease lease;
    private final LeaseWatch watch;
    private final SwitchedJudge judge;
    private final ConfigUptake files;
    private final StreamUptake uptake;

    /** A sidecar that has heard of nothing. */
    public SidecarCore(Workbench bench, LongSupplier nanoTime) {
        this.bench = bench;
        var loop = bench.channel.eventLoop();
        lease = new Lease(nanoTime);
        watch = new LeaseWatch(current, lease);
        judge = new SwitchedJudge(loop, bench.assembly.assemble(LimiterConfig.passThrough(), () -> true));
        files = new ConfigUptake(current, bench.assembly, judge, lease);
        uptake = new StreamUptake(files, lease, loop, List::of);
    }

    /**
     * Takes one line of the stream.
     *
     * @param answer hears an epoch and why it was refused, or an empty text
     */
    public void line(String line, BiConsumer<Long, String> answer) {
        var message = json(line);
        if (message.path("type").asText().equals("heartbeat")) {
            uptake.heartbeat();
        } else {
            uptake.config(message.path("config"), answers(answer));
            bench.channel.runPendingTasks();
        }
    }

    private static JsonNode json(String line) {
        try {
            return JsonTree.read(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the operator sent no JSON: " + line, e);
        }
    }

    private static StreamUptake.Answers answers(BiConsumer<Long, String> answer) {
        return new StreamUptake.Answers() {
            @Override
            public void applied(long epoch, List<String> failures) {
                answer.accept(epoch, "");
            }

            @Override
            public void refused(long epoch, String reason) {
                answer.accept(epoch, reason);
            }
        };
    }

    /** Takes the bootstrap document. */
    public void file(String document) {
        files.fromFile(LimiterConfigParser.parse(document));
        bench.channel.runPendingTasks();
    }

    /** Looks at the lease, as it does four times a second. */
    public void watch() {
        watch.check();
    }

    /** The configuration in force. */
    public LimiterConfig config() {
        return current.current();
    }

    /** Whether it has left the candidate because nobody vouches for it. */
    public boolean leaseLost() {
        return lease.isLost(current.current());
    }

    /** Whether a caller who is among the first {@code weight} percent is in the candidate arm. */
    public boolean serves(int weight) {
        var config = current.current();
        List<Judgement> judged = new ArrayList<>();
        judge.judge(
                new RequestHead(
                        "GET",
                        "/",
                        EmptyHttpHeaders.INSTANCE,
                        bench.callers.computeIfAbsent(new Place(config.rollout().uid(), weight), SidecarCore::caller)),
                bench.channel.eventLoop(),
                judged::add);
        return judged.getFirst().arm() == Arm.CANDIDATE;
    }

    /** Nobody below this weight is the first caller that it admits. */
    private static InetAddress caller(Place place) {
        for (var i = 0; i < 256 * 256; i++) {
            var bytes = new byte[] {10, 1, (byte) (i / 256), (byte) i};
            var identity = "ip:10.1.%d.%d".formatted(i / 256, i % 256);
            if (ArmBucket.isWithin(place.uid(), identity, place.weight())
                    && !ArmBucket.isWithin(place.uid(), identity, place.weight() - 1)) {
                return address(bytes);
            }
        }
        throw new AssertionError("no caller is in the last of " + place.weight() + " percent");
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
