package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final class Keeping implements Watched {

        private final boolean busy;
        private long bytes;

        private Keeping(long bytes, boolean busy) {
            this.bytes = bytes;
            this.busy = busy;
        }

        @Override
        public void tick(long now) {}

        @Override
        public void closeIfIdle() {}

        @Override
        public void closeNow() {
            bytes = 0;
        }

        @Override
        public boolean isBusy() {
            return busy;
        }

        @Override
        public long kept() {
            return bytes;
        }
    }

    private final Set<Watched> clients = new HashSet<>();
    private final Set<Watched> tunnels = new HashSet<>();
    private final AtomicInteger counted = new AtomicInteger();
    private final MemoryBudget memory = new MemoryBudget(1_000, clients, tunnels, counted::incrementAndGet);

    private List<Keeping> keep(Set<Watched> where, long... bytes) {
        return keep(true, where, bytes);
    }

    /** They stay in {@code where} when they are closed, as connections do until the end of the loop's turn. */
    private static List<Keeping> keep(boolean busy, Set<Watched> where, long... bytes) {
        var all = Arrays.stream(bytes).mapToObj(each -> new Keeping(each, busy)).toList();
        where.addAll(all);
        return all;
    }

    private void look() {
        memory.tick(System.nanoTime());
    }

    @Test
    void leavesEverybodyAloneWhileThereIsRoom() {
        var all = keep(clients, 900, 50, 0);
        var tunnelled = keep(tunnels, 50);
        look();
        assertThat(all).extracting(Watched::kept).containsExactly(900L, 50L, 0L);
        assertThat(tunnelled).extracting(Watched::kept).containsExactly(50L);
        assertThat(counted).hasValue(0);
    }

    @Test
    void endsThoseThatKeepTheMostUntilThereIsRoomAgain() {
        var all = keep(clients, 100, 300, 0, 200, 100);
        var tunnelled = keep(tunnels, 350, 10);
        look();
        assertThat(all).extracting(Watched::kept).containsExactly(100L, 300L, 0L, 200L, 100L);
        assertThat(tunnelled).extracting(Watched::kept).containsExactly(0L, 10L);
        assertThat(counted).hasValue(1);
    }

    @Test
    void endsThoseAtRestBeforeThoseThatAreServed() {
        var served = keep(clients, 600, 300);
        var atRest = keep(false, clients, 20, 90, 100);
        look();
        assertThat(served).extracting(Watched::kept).containsExactly(0L, 300L);
        assertThat(atRest).extracting(Watched::kept).containsExactly(0L, 0L, 0L);
    }

    @Test
    void endsNobodyTwice() {
        keep(clients, 600, 300, 200);
        look();
        look();
        assertThat(counted).hasValue(1);
    }

    @Test
    void makesRoomForMoreThanTheNextByte() {
        for (var i = 0; i < 101; i++) {
            keep(clients, 10);
        }
        look();
        assertThat(clients.stream().mapToLong(Watched::kept).sum()).isEqualTo(750);
        assertThat(counted).hasValue(26);
    }

    @Test
    void looksBetweenTwoTicksWhenManyWait() {
        keep(clients, 2_000);
        for (var i = 0; i < 63; i++) {
            memory.waits();
        }
        assertThat(counted).hasValue(0);
        memory.waits();
        assertThat(counted).hasValue(1);
    }
}
