package sluice.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import sluice.limiter.control.SidecarCore;

/**
 * Every seed is a scenario and a history of faults. Whatever goes wrong for a while, the invariants hold throughout and the end is the one
 * without faults.
 *
 * <p>{@code -Dcrash.seeds=500} says how many, {@code -Dcrash.first=0} where to begin.
 */
class CrashSimulationTest {

    private static final long FIRST = Long.getLong("crash.first", 0);
    private static final long SEEDS = Long.getLong("crash.seeds", 500);
    private static final int THREADS = 2;
    private static final int MOST_FAILURES = 5;

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("sluice");
    private static final ThreadLocal<SidecarCore.Workbench> BENCH = ThreadLocal.withInitial(SidecarCore.Workbench::new);

    /** So roomy that one scenario's run without faults, which is made within, seldom holds up another's. */
    private final ConcurrentMap<Scenario, EndState> ends = new ConcurrentHashMap<>(4_096);

    @BeforeAll
    static void beQuiet() {
        // Faults are logged as they are in production, thousands of times.
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void beHeard() {
        LOGGER.setLevel(null);
    }

    @Test
    void endsAsWithoutFaultsWhateverCrashesIsDelayedOrLost() throws Exception {
        var began = System.nanoTime();
        var next = new AtomicLong(FIRST);
        var failures = new ConcurrentHashMap<Long, String>();
        Callable<Boolean> worker = () -> {
            for (long seed = next.getAndIncrement();
                    seed < FIRST + SEEDS && failures.size() < MOST_FAILURES;
                    seed = next.getAndIncrement()) {
                var failed = seed;
                failure(seed, SEEDS == 1).ifPresent(what -> failures.put(failed, what));
            }
            return true;
        };
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            for (var done : threads.invokeAll(
                    IntStream.range(0, THREADS).mapToObj(i -> worker).toList())) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        assertThat(failures).as("failing seeds").isEmpty();
        System.out.printf(
                "Figures, crash histories: %d of %d scenarios in %d s%n",
                SEEDS, ends.size(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }

    @Test
    void oneSeedIsOneHistory() {
        for (long seed = 0; seed < 20; seed++) {
            var scenario = Scenario.chosenBy(new SplittableRandom(seed));
            var once = World.faulty(scenario, seed, true, BENCH.get());
            var again = World.faulty(scenario, seed, true, BENCH.get());

            assertThat(again.trace()).as("trace of seed %d", seed).isEqualTo(once.trace());
        }
    }

    private Optional<String> failure(long seed, boolean traced) {
        var scenario = Scenario.chosenBy(new SplittableRandom(seed));
        var expected = ends.computeIfAbsent(scenario, CrashSimulationTest::faultless);
        var outcome = World.faulty(scenario, seed, traced, BENCH.get());
        if (traced) {
            outcome.trace().forEach(System.out::println);
        }
        return outcome.broken()
                .or(() -> outcome.end().equals(expected)
                        ? Optional.empty()
                        : Optional.of("ended as\n  %s\nwithout faults as\n  %s".formatted(outcome.end(), expected)))
                .map(what -> "seed %d: %s: %s\nunder %s\nreplay with: %s"
                        .formatted(seed, scenario, what, outcome.faults(), replay(seed)));
    }

    private static EndState faultless(Scenario scenario) {
        var outcome = World.faultless(scenario, false, BENCH.get());
        assertThat(outcome.broken())
                .as(() -> "%s without faults:\n%s".formatted(scenario, trace(scenario)))
                .isEmpty();
        return outcome.end();
    }

    private static String trace(Scenario scenario) {
        return String.join("\n", World.faultless(scenario, true, BENCH.get()).trace());
    }

    private static String replay(long seed) {
        return "mvn -pl operator -am test -Dtests='**/CrashSimulationTest.java' -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dcrash.seeds=1 -Dcrash.first=" + seed;
    }
}
