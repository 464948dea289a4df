package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
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

    /**
     * One request: how long after the one before, by whom, of which limits, by a caller of which tier, and its cost where a bucket can
     * bear it.
     */
    record Request(long pauseMicros, int caller, int limits, int tier, long cost) {}

    /** One jump of the clock of Redis, and a request's cost after it. */
    record Jump(long micros, long cost) {}

    private static final RolloutRef ROLLOUT = new RolloutRef("apps", "api", "6f0c");
    private static final AtomicLong HISTORY = new AtomicLong();

    private static @Nullable Path folder;
    private static @Nullable RedisServer server;
    private static @Nullable RedisConsole redis;

    @BeforeContainer
    static void start() throws IOException {
        folder = Files.createTempDirectory("sluice-redis");
        server = RedisServer.start(folder);
        redis = new RedisConsole(server);
        redis.ask("SCRIPT", "LOAD", TakeScript.SOURCE);
    }

    @AfterContainer
    static void stop() throws IOException {
        if (redis != null) {
            redis.close();
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
            @ForAll("limits") List<List<BucketSize>> limits,
            @ForAll("requests") @Size(min = 1, max = 60) List<Request> requests) {
        var history = HISTORY.incrementAndGet();
        var micros = new AtomicLong(1_700_000_000_000_000L);
        var memory = new InMemoryTokenBucket(() -> micros.get() * 1000);

        for (var request : requests) {
            micros.addAndGet(request.pauseMicros());
            var caller = CallerKey.of(ROLLOUT.uid(), "user:" + history + "-" + request.caller());
            var asked = IntStream.range(0, limits.size())
                    .filter(index -> (request.limits() >> index & 1) == 1)
                    .mapToObj(index -> demand(index, limits.get(index), request))
                    .toList();

            var inRedis = inRedis(micros.get(), caller, asked);
            var inMemory = memory.takeNow(caller, asked);

            assertThat(inMemory.allowed()).isEqualTo(inRedis.allowed());
            assertThat(inMemory.levels()).isEqualTo(inRedis.levels());
        }
    }

    /** Memory has a clock that only goes on; Redis may be followed by a Redis with another one. */
    @Property(tries = 200)
    void aClockThatJumpsMintsNoTokensAndStarvesNobody(
            @ForAll @LongRange(min = 1, max = 1000) long tokens,
            @ForAll @LongRange(min = 5, max = 50) long burst,
            @ForAll("jumps") @Size(min = 1, max = 60) List<Jump> jumps) {
        var size = new BucketSize(tokens, Duration.ofSeconds(1), burst, 5);
        var caller = CallerKey.of(ROLLOUT.uid(), "user:jump-" + HISTORY.incrementAndGet());
        var micros = 1_700_000_000_000_000L;
        var passed = 0L;
        var given = 0L;

        for (var jump : jumps) {
            micros += jump.micros();
            passed += Math.max(0, jump.micros());
            if (inRedis(micros, caller, List.of(new Demand("api", size, jump.cost())))
                    .allowed()) {
                given += jump.cost();
            }
        }
        var untilFive = 5 * size.periodMicros() / tokens + 1;
        var later = inRedis(micros + untilFive, caller, List.of(new Demand("api", size, 5)));

        assertThat(given * size.periodMicros()).isLessThanOrEqualTo(burst * size.periodMicros() + passed * tokens);
        assertThat(later.allowed()).isTrue();
    }

    /** However many ask at once, and in whatever order Redis serves them, memory gives to the same ones. */
    @Property(tries = 20)
    void manyAtOnceOnOneKeyAreGivenWhatIsThereAndNoMore(
            @ForAll @Size(value = 48) List<@LongRange(min = 1, max = 5) Long> costs,
            @ForAll @LongRange(min = 5, max = 200) long burst)
            throws InterruptedException, ExecutionException {
        var caller = CallerKey.of(ROLLOUT.uid(), "user:crowd-" + HISTORY.incrementAndGet());
        var tight = new BucketSize(1, Duration.ofHours(1), burst, 5);
        var wide = new BucketSize(1, Duration.ofHours(1), 1000, 5);
        var taken = atOnce(costs.stream()
                .map(cost -> List.of(new Demand("tight", tight, cost), new Demand("wide", wide, cost)))
                .<Callable<Taken>>map(demands -> () -> inRedis(1_700_000_000_000_000L, caller, demands))
                .toList());

        var memory = new InMemoryTokenBucket(() -> 0);
        for (var allowed : List.of(true, false)) {
            for (var index = 0; index < costs.size(); index++) {
                if (taken.get(index).allowed() == allowed) {
                    var demands = List.of(
                            new Demand("tight", tight, costs.get(index)), new Demand("wide", wide, costs.get(index)));
                    assertThat(memory.takeNow(caller, demands).allowed()).isEqualTo(allowed);
                }
            }
        }
    }

    private static List<Taken> atOnce(List<Callable<Taken>> requests) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var taken = new ArrayList<Taken>();
            for (var future : threads.invokeAll(requests)) {
                taken.add(future.get());
            }
            return taken;
        }
    }

    private static Taken inRedis(long micros, CallerKey caller, List<Demand> demands) {
        var known = demands.stream().mapToLong(demand -> TakeScript.UNKNOWN).toArray();
        if (redis == null) {
            throw new IllegalStateException("redis is not there");
        }
        var reply = redis.ask(TakeScript.command(
                TakeScript.keys(ROLLOUT, caller, demands),
                TakeScript.arguments(Long.toString(micros), demands, known, TakeScript.NO_LEASE)));
        return TakeScript.reply(reply, demands.size(), false).taken();
    }

    private static Demand demand(int limit, List<BucketSize> tiers, Request request) {
        var size = tiers.get(request.tier() % tiers.size());
        return new Demand("limit-" + limit, size, Math.min(request.cost(), size.largestCost()));
    }

    /** One to three limits, each of one to three sizes that share a period, as tiers do. */
    @Provide
    Arbitrary<List<List<BucketSize>>> limits() {
        var periods = Arbitraries.of(1L, 7L, 100L, 1000L, 60_000L, 3_600_000L, 86_400_000L, 2_592_000_000L);
        return periods.flatMap(DifferentialIT::sizes).list().ofMinSize(1).ofMaxSize(3);
    }

    private static Arbitrary<List<BucketSize>> sizes(long periodMillis) {
        var tokens = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 20), Arbitraries.of(1L, 3L, 7L, 100L, 600L, 1_000_000L, 999_999_937L));
        var bursts = Arbitraries.oneOf(Arbitraries.longs().between(1, 5), Arbitraries.of(10L, 150L, 3000L));
        return Combinators.combine(tokens, bursts)
                .as((count, burst) -> size(count, periodMillis, burst))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static BucketSize size(long tokens, long periodMillis, long burst) {
        var fitting = Math.min(burst, (1L << 53) / (periodMillis * 1000));
        return new BucketSize(
                Math.min(tokens, periodMillis * 1_000_000),
                Duration.ofMillis(periodMillis),
                fitting,
                fitting,
                // Never forgotten in memory, as nothing is in a Redis that is told the time.
                Duration.ofDays(100_000));
    }

    @Provide
    Arbitrary<List<Jump>> jumps() {
        var micros = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(0, 100_000)),
                Tuple.of(1, Arbitraries.longs().between(-86_400_000_000L, -1)),
                Tuple.of(1, Arbitraries.longs().between(1, 86_400_000_000L)));
        return Combinators.combine(micros, Arbitraries.longs().between(1, 5))
                .as(Jump::new)
                .list();
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
        var tiers = Arbitraries.integers().between(0, 2);
        return Combinators.combine(pauses, callers, choices, tiers, costs)
                .as(Request::new)
                .list();
    }
}
