package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.InMemoryTokenBucket;
import sluice.limiter.limit.Taken;

/** Drives the script, in a real Redis, and the buckets in memory with the same requests at the same times. */
class DifferentialIT {

    /** One request: how long after the one before, by whom, of which limits, and its cost where a limit can bear it. */
    record Request(long pauseMicros, int caller, int limits, long cost) {}

    private static final RolloutRef ROLLOUT = new RolloutRef("apps", "api", "6f0c");
    private static final AtomicLong HISTORY = new AtomicLong();

    private static @Nullable Path folder;
    private static @Nullable RedisServer server;
    private static @Nullable RedisClient client;
    private static @Nullable RedisCommands<String, String> redis;

    @BeforeContainer
    static void start() throws IOException {
        folder = Files.createTempDirectory("sluice-redis");
        server = RedisServer.start(folder);
        client = RedisClient.create(server.url());
        redis = client.connect().sync();
        redis.scriptLoad(TakeScript.SOURCE);
    }

    @AfterContainer
    static void stop() throws IOException {
        if (client != null) {
            client.shutdown();
        }
        if (server != null) {
            server.close();
        }
        if (folder != null) {
            Files.deleteIfExists(folder.resolve("redis.log"));
            Files.delete(folder);
        }
    }

    @Property(tries = 300)
    void bothBucketsGiveTheSameAnswers(
            @ForAll("sizes") List<BucketSize> sizes,
            @ForAll("requests") @Size(min = 1, max = 60) List<Request> requests) {
        var history = HISTORY.incrementAndGet();
        var micros = new AtomicLong(1_700_000_000_000_000L);
        var memory = new InMemoryTokenBucket(() -> micros.get() * 1000);

        for (var request : requests) {
            micros.addAndGet(request.pauseMicros());
            var caller = CallerKey.of(ROLLOUT.uid(), "user:" + history + "-" + request.caller());
            var asked = IntStream.range(0, sizes.size())
                    .filter(index -> (request.limits() >> index & 1) == 1)
                    .mapToObj(index -> demand(index, sizes.get(index), request.cost()))
                    .toList();

            var inRedis = inRedis(micros.get(), caller, asked);
            var inMemory = memory.takeNow(caller, asked);

            assertThat(inMemory.allowed()).isEqualTo(inRedis.allowed());
            assertThat(inMemory.levels()).isEqualTo(inRedis.levels());
        }
    }

    private static Taken inRedis(long micros, CallerKey caller, List<Demand> demands) {
        var known = demands.stream().mapToLong(demand -> TakeScript.UNKNOWN).toArray();
        if (redis == null) {
            throw new IllegalStateException("redis is not there");
        }
        List<Object> reply = redis.evalsha(
                TakeScript.SHA,
                ScriptOutputType.MULTI,
                TakeScript.keys(ROLLOUT, caller, demands),
                TakeScript.arguments(Long.toString(micros), demands, known));
        return TakeScript.taken(reply, demands.size());
    }

    private static Demand demand(int limit, BucketSize size, long cost) {
        return new Demand("limit-" + limit, size, Math.min(cost, size.largestCost()));
    }

    @Provide
    Arbitrary<List<BucketSize>> sizes() {
        var tokens = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 20), Arbitraries.of(1L, 3L, 7L, 100L, 600L, 1_000_000L, 999_999_937L));
        var periods = Arbitraries.of(1L, 7L, 100L, 1000L, 60_000L, 3_600_000L, 86_400_000L, 2_592_000_000L);
        var bursts = Arbitraries.oneOf(Arbitraries.longs().between(1, 5), Arbitraries.of(10L, 150L, 3000L));
        return Combinators.combine(tokens, periods, bursts)
                .as(DifferentialIT::size)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static BucketSize size(long tokens, long periodMillis, long burst) {
        var fitting = Math.min(burst, (1L << 53) / (periodMillis * 1000));
        return new BucketSize(
                Math.min(tokens, periodMillis * 1_000_000), Duration.ofMillis(periodMillis), fitting, fitting);
    }

    @Provide
    Arbitrary<List<Request>> requests() {
        var pauses = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(0L)),
                Tuple.of(4, Arbitraries.longs().between(1, 1_000_000)),
                Tuple.of(2, Arbitraries.longs().between(1, 120_000_000)),
                Tuple.of(1, Arbitraries.longs().between(1, 10_000_000_000_000L)));
        var callers = Arbitraries.integers().between(0, 2);
        var choices = Arbitraries.integers().between(1, 7);
        var costs = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(1L)),
                Tuple.of(2, Arbitraries.longs().between(1, 12)));
        return Combinators.combine(pauses, callers, choices, costs)
                .as(Request::new)
                .list();
    }
}
