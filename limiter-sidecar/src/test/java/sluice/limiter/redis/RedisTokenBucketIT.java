package sluice.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.limiter.redis.BackendFixture.caller;
import static sluice.limiter.redis.BackendFixture.demand;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.limiter.config.BucketSize;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.judge.Backend;
import sluice.limiter.limit.BucketLevel;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/** The buckets in a real Redis. */
class RedisTokenBucketIT {

    private static final Demand API = demand("api", 10, Duration.ofHours(1), 5);
    private static final Demand LOGIN = demand("login", 10, Duration.ofHours(1), 2);
    private static final Demand ROOMY = new Demand("roomy", new BucketSize(500, Duration.ofSeconds(1), 500, 499), 1);
    private static final long SECOND = 1_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private RedisServer server;
    private RedisConsole redis;
    private Path secret;

    @BeforeEach
    void start(@TempDir Path folder) {
        server = RedisServer.start(folder);
        secret = folder.resolve("redis-limiter");
        server.writeSecret(secret);
        redis = new RedisConsole(server);
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    private Taken takeAt(long micros, long known, Demand demand) {
        var reply = evaluate(
                TakeScript.keys(BackendFixture.ROLLOUT, caller("alice"), List.of(demand)),
                TakeScript.arguments(Long.toString(micros), List.of(demand), new long[] {known}, TakeScript.NO_LEASE));
        return TakeScript.reply(reply, 1, false).taken();
    }

    private @Nullable Object evaluate(String[] keys, String[] arguments) {
        var command = TakeScript.command(keys, arguments);
        command[0] = "EVAL";
        command[1] = TakeScript.SOURCE;
        return redis.ask(command);
    }

    /** Asks for a lease, too, and gives {@code returned} tokens of an earlier one back. */
    private TakeScript.Reply leaseAt(long micros, long returned, Demand... demands) {
        var known = IntStream.range(0, demands.length)
                .mapToLong(index -> TakeScript.UNKNOWN)
                .toArray();
        var back =
                IntStream.range(0, demands.length).mapToLong(index -> returned).toArray();
        var reply = evaluate(
                TakeScript.keys(BackendFixture.ROLLOUT, caller("alice"), List.of(demands)),
                TakeScript.arguments(Long.toString(micros), List.of(demands), known, back));
        return TakeScript.reply(reply, demands.length, true);
    }

    private static String key(Demand demand) {
        return TakeScript.key(BackendFixture.ROLLOUT, caller("alice"), demand);
    }

    /** In milliseconds. */
    private long keptFor(Demand demand) {
        return Long.parseLong(server.command("PTTL", key(demand)));
    }

    private long decisionsOfRedis() {
        return server.calls("evalsha");
    }

    private Taken takeAt(long micros, Demand demand) {
        return takeAt(micros, TakeScript.UNKNOWN, demand);
    }

    @Test
    void twoReplicasShareOneLimit() {
        try (var one = new BackendFixture(secret, 2).awaitRedis();
                var other = new BackendFixture(secret, 2).awaitRedis()) {
            var allowed = IntStream.range(0, 20)
                    .mapToObj(request -> (request % 2 == 0 ? one : other).take("alice", API))
                    .filter(Taken::allowed)
                    .count();

            assertThat(allowed).isEqualTo(API.size().burst());
        }
    }

    @Test
    void takesOneCallPerDecisionHoweverManyLimitsMatch() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            redis.ask("CONFIG", "RESETSTAT");

            sidecar.take("alice", API, LOGIN, demand("third", 1, Duration.ofHours(1), 9));

            assertThat(server.calls("evalsha")).isOne();
            assertThat(server.calls("eval")).isZero();
        }
    }

    @Test
    void aRejectedRequestCostsNothingAnywhere() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sidecar.take("alice", API, LOGIN);
            sidecar.take("alice", API, LOGIN);

            var rejected = IntStream.range(0, 10).mapToObj(request -> sidecar.take("alice", API, LOGIN));
            assertThat(rejected).noneMatch(Taken::allowed);

            assertThat(sidecar.take("alice", API).levels().getFirst().remaining())
                    .isEqualTo(API.size().burst() - 3);
        }
    }

    @Test
    void aBucketThatNothingWasTakenFromIsFullAtEverySize() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sidecar.take("alice", LOGIN);
            sidecar.take("alice", LOGIN);
            assertThat(sidecar.take("alice", API, LOGIN).allowed()).isFalse();

            var larger = demand("api", 10, Duration.ofHours(1), 9);
            assertThat(sidecar.take("alice", larger).levels().getFirst().remaining())
                    .isEqualTo(8);
        }
    }

    @Test
    void keysCarryOneHashTagAndCannotCollide() {
        var other = new RolloutRef("apps", "api", "6f0d");
        assertThat(TakeScript.key(BackendFixture.ROLLOUT, caller("a|b"), API))
                .isEqualTo("{apps/6f0c/" + caller("a|b").hash() + "}/api")
                .isNotEqualTo(TakeScript.key(other, caller("a|b"), API))
                .isNotEqualTo(TakeScript.key(BackendFixture.ROLLOUT, caller("a"), API));
    }

    @Test
    void bucketsGoWhenTheyAreFull() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sidecar.take("alice", API);

            // A tenth of an hour for one token.
            assertThat(keptFor(API)).isBetween(300_000L, 360_001L);
        }
    }

    @Test
    void loadsAForgottenScriptOnce() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            redis.ask("SCRIPT", "FLUSH");
            redis.ask("CONFIG", "RESETSTAT");

            assertThat(sidecar.take("alice", API).backend()).isEqualTo(Backend.REDIS);
            assertThat(sidecar.take("alice", API).backend()).isEqualTo(Backend.REDIS);

            assertThat(server.calls("script|load")).isOne();
            assertThat(sidecar.failures(FailureReason.REPLY)).isZero();
        }
    }

    @Test
    void anHourOfElapsedTimeFillsAndNeverOverflows() {
        for (var request = 0; request < 5; request++) {
            assertThat(takeAt(START, API).allowed()).isTrue();
        }
        assertThat(takeAt(START, API)).isEqualTo(rejected(0, 1800 * SECOND, 360 * SECOND));

        var muchLater = takeAt(START * 4, API);

        assertThat(muchLater).isEqualTo(new Taken(Backend.REDIS, true, List.of(new BucketLevel(4, 360 * SECOND, 0))));
    }

    @Test
    void aWaitOfLessThanAMicrosecondIsAWait() {
        var fast = demand("api", 10_000_000, Duration.ofSeconds(1), 5);
        for (var request = 0; request < 5; request++) {
            takeAt(START, fast);
        }
        assertThat(takeAt(START, fast)).isEqualTo(rejected(0, 0, 1));
    }

    private static Taken rejected(long remaining, long reset, long retry) {
        return new Taken(Backend.REDIS, false, List.of(new BucketLevel(remaining, reset, retry)));
    }

    @Test
    void aClockThatIsBehindMakesNobodyWaitForIt() {
        for (var request = 0; request < 5; request++) {
            takeAt(START, API);
        }
        // A failover to a server whose clock is a day behind.
        var dayBehind = START - 86_400 * SECOND;

        assertThat(takeAt(dayBehind, API)).isEqualTo(rejected(0, 1800 * SECOND, 360 * SECOND));
        assertThat(takeAt(dayBehind + 360 * SECOND, API).allowed()).isTrue();
    }

    @Test
    void anotherPeriodKeepsTheTokensThatWereSaved() {
        var start = START;
        for (var request = 0; request < 3; request++) {
            takeAt(start, API);
        }
        // Two tokens and a half, an eighth of an hour later than the last.
        var perDay = demand("api", 10, Duration.ofDays(1), 5);

        var taken = takeAt(start + 180 * SECOND, perDay);

        assertThat(taken.allowed()).isTrue();
        assertThat(taken.levels().getFirst().remaining()).isEqualTo(1);
        assertThat(takeAt(start + 180 * SECOND, perDay).allowed()).isTrue();
        assertThat(takeAt(start + 180 * SECOND, perDay).allowed()).isFalse();
        // And back, the half token included.
        assertThat(takeAt(start + 180 * SECOND + 1, API).levels().getFirst().retryMicros())
                .isBetween(179 * SECOND, 180 * SECOND);
    }

    private static final BucketSize GOLD = new BucketSize(10, Duration.ofHours(1), 50, 5, Duration.ofHours(5));
    private static final BucketSize BASE = new BucketSize(10, Duration.ofHours(1), 5, 5, Duration.ofHours(5));

    @Test
    void takesTheWholeCostOrNothing() {
        assertThat(takeAt(START, new Demand("api", BASE, 3)))
                .isEqualTo(new Taken(Backend.REDIS, true, List.of(new BucketLevel(2, 1080 * SECOND, 0))));
        assertThat(takeAt(START, new Demand("api", BASE, 4))).isEqualTo(rejected(2, 1080 * SECOND, 720 * SECOND));
        assertThat(takeAt(START, new Demand("api", BASE, 2)).allowed()).isTrue();
    }

    @Test
    void anotherTierOfTheSameRateKeepsTheTokens() {
        takeAt(START, new Demand("api", BASE, 5));

        // An hour is ten tokens, of which five are as many as the small bucket holds.
        var gold = takeAt(START + 3600 * SECOND, new Demand("api", GOLD, 1));
        assertThat(gold.levels().getFirst().remaining()).isEqualTo(4);
    }

    @Test
    void whoHasWaitedIsNotRejectedBecauseALimitHasBecomeWider() {
        var tight = demand("api", 1, Duration.ofDays(1), 1);
        takeAt(START, tight);
        assertThat(takeAt(START + SECOND, tight).allowed()).isFalse();

        // Two tokens in twelve minutes, and what a second was worth by the old limit.
        assertThat(takeAt(START + 721 * SECOND, API))
                .isEqualTo(new Taken(Backend.REDIS, true, List.of(new BucketLevel(1, 1_439_995_833, 0))));
    }

    @Test
    void aRejectedRequestOfAnotherTierChangesTheSizeAllTheSame() {
        takeAt(START, new Demand("api", BASE, 5));
        assertThat(takeAt(START, new Demand("api", GOLD, 1)).allowed()).isFalse();

        var twentyLater = takeAt(START + 7200 * SECOND, new Demand("api", GOLD, 5));
        assertThat(twentyLater.levels().getFirst().remaining()).isEqualTo(15);
    }

    @Test
    void aBucketIsKeptUntilItsLargestSizeWouldBeFull() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sidecar.take("alice", new Demand("api", BASE, 1));

            assertThat(keptFor(API)).isBetween(17_900_000L, 18_000_000L);
        }
    }

    @Test
    void aSmallerBurstCapsWhatWasSaved() {
        takeAt(START, API);

        assertThat(takeAt(START, demand("api", 10, Duration.ofHours(1), 2))
                        .levels()
                        .getFirst()
                        .remaining())
                .isEqualTo(1);
    }

    @Test
    void takesTheLowerOfWhatItHoldsAndWhatThePodKnows() {
        assertThat(takeAt(START, API.size().periodMicros(), API).allowed()).isTrue();
        assertThat(takeAt(START, 3 * API.size().periodMicros(), API))
                .isEqualTo(rejected(0, 1800 * SECOND, 360 * SECOND));
        assertThat(takeAt(START + 3600 * SECOND, 0, API)).isEqualTo(rejected(0, 1800 * SECOND, 360 * SECOND));
    }

    @Test
    void anEmptyBucketIsRejectedWithoutAsking() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sidecar.take("alice", LOGIN);
            sidecar.take("alice", LOGIN);
            redis.ask("CONFIG", "RESETSTAT");

            for (var request = 0; request < 100; request++) {
                var taken = sidecar.take("alice", API, LOGIN);
                assertThat(taken.allowed()).isFalse();
                assertThat(taken.levels().getLast().retryMicros()).isBetween(1L, 360 * SECOND);
            }
            assertThat(decisionsOfRedis()).isZero();

            // Nor has it cost anything elsewhere.
            assertThat(sidecar.take("alice", API).levels().getFirst().remaining())
                    .isEqualTo(API.size().burst() - 1);
        }
    }

    @Test
    void aChangedConfigurationAsksAgain() {
        try (var sidecar = new BackendFixture(secret, 1).awaitRedis()) {
            sidecar.take("alice", LOGIN);
            sidecar.take("alice", LOGIN);
            // Somebody helps Alice, and says so with a new configuration.
            redis.ask("DEL", key(LOGIN));
            assertThat(sidecar.take("alice", LOGIN).allowed()).isFalse();

            sidecar.reconfigure();

            assertThat(sidecar.take("alice", LOGIN).allowed()).isTrue();
        }
    }

    @Test
    void leasesATwentiethOfTheBurst() {
        var reply = leaseAt(START, 0, ROOMY);

        assertThat(reply.leased()).isEqualTo(25);
        // The request's own token, and the lease.
        assertThat(reply.taken().levels()).containsExactly(new BucketLevel(474, 52_000, 0));
    }

    @Test
    void leasesWhatComesInWhileTheLeaseLastsAndNothingMore() {
        takeAt(START, new Demand("roomy", ROOMY.size(), 499));
        var slow = demand("roomy", 50, Duration.ofSeconds(1), 500);

        // Ten tokens in a fifth of a second; and what is spoken for, others wait for.
        assertThat(leaseAt(START, 0, slow).leased()).isEqualTo(10);
        assertThat(takeAt(START, slow)).isEqualTo(rejected(0, 10_200_000, 220_000));
        assertThat(leaseAt(START, 0, slow).leased()).isZero();
    }

    @Test
    void takesBackWhatWasNotGiven() {
        leaseAt(START, 0, ROOMY);

        var reply = leaseAt(START, 20, ROOMY);

        assertThat(reply.taken().levels().getFirst().remaining()).isEqualTo(474 + 20 - 1 - 25);
        // A full bucket takes nothing.
        assertThat(leaseAt(START + SECOND, 25, ROOMY)
                        .taken()
                        .levels()
                        .getFirst()
                        .remaining())
                .isEqualTo(474);
    }

    @Test
    void leasesAllBucketsOrNone() {
        var small = demand("small", 500, Duration.ofSeconds(1), 19);
        var reply = leaseAt(START, 0, ROOMY, small);

        assertThat(reply.leased()).isZero();
        assertThat(reply.taken().levels().stream().mapToLong(BucketLevel::remaining))
                .containsExactly(499L, 18L);

        // As many requests as the smallest share allows, of each bucket what they cost.
        var dear = new Demand("roomy", ROOMY.size(), 5);
        var medium = demand("medium", 500, Duration.ofSeconds(1), 60);
        assertThat(leaseAt(START, 0, dear, medium).leased()).isEqualTo(3);
        assertThat(takeAt(START, medium).levels().getFirst().remaining()).isEqualTo(60 - 4 - 1);
    }

    @Test
    void anotherPeriodKeepsWhatIsSpokenFor() {
        takeAt(START, new Demand("roomy", ROOMY.size(), 499));
        leaseAt(START, 0, ROOMY);

        // Twenty-five tokens below zero: one of twice the time each.
        assertThat(takeAt(START, demand("roomy", 500, Duration.ofSeconds(2), 500)))
                .isEqualTo(rejected(0, 525 * 4000, 26 * 4000));
    }
}
