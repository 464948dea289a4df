package sluice.limiter.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallerKeyTest {

    /** The first half of what {@code printf '6f0c\nuser:alice' | sha256sum} says. */
    private static final String ALICE = "22d59d36413b7f90dd8969e5744bdc6d";

    @Test
    void isTheSha256OfRolloutAndCaller() {
        assertThat(CallerKey.of("6f0c", "user:alice").hash()).isEqualTo(ALICE);
    }

    @Test
    void hasNothingOfTheCallerBefore() {
        CallerKey.of("6f0c", "user:" + "b".repeat(1_000));
        assertThat(CallerKey.of("6f0c", "user:alice").hash()).isEqualTo(ALICE);
    }

    @Test
    void whatWasGivenOutStays() {
        var first = CallerKey.sha256("a");
        var copy = first.clone();
        var _ = CallerKey.sha256("b");
        assertThat(first).isEqualTo(copy);
    }

    @Test
    void threadsDoNotDisturbEachOther() throws ExecutionException, InterruptedException {
        try (var platform = Executors.newFixedThreadPool(4);
                var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            var hashes = new ArrayList<Future<List<String>>>();
            for (var executor : List.<ExecutorService>of(platform, virtual)) {
                for (var task = 0; task < 8; task++) {
                    hashes.add(executor.submit(manyTimes()));
                }
            }
            for (var each : hashes) {
                assertThat(each.get()).containsOnly(ALICE);
            }
        }
    }

    private static Callable<List<String>> manyTimes() {
        return () -> IntStream.range(0, 2_000)
                .mapToObj(_ -> CallerKey.of("6f0c", "user:alice").hash())
                .toList();
    }
}
