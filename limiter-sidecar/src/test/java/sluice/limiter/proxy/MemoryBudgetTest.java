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

        private final long bytes;
        private final Set<Watched> open;

        private Keeping(long bytes, Set<Watched> open) {
            this.bytes = bytes;
            this.open = open;
            open.add(this);
        }

        @Override
        public void tick(long now) {}

        @Override
        public void closeIfIdle() {}

        @Override
        public void closeNow() {
            open.remove(this);
        }

        @Override
        public boolean isBusy() {
            return true;
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
        return Arrays.stream(bytes).mapToObj(each -> new Keeping(each, where)).toList();
    }

    @Test
    void leavesEverybodyAloneWhileThereIsRoom() {
        keep(clients, 900, 50, 0);
        keep(tunnels, 50);
        memory.tick(System.nanoTime());
        assertThat(clients).hasSize(3);
        assertThat(tunnels).hasSize(1);
        assertThat(counted).hasValue(0);
    }

    @Test
    void endsThoseThatKeepTheMostUntilThereIsRoomAgain() {
        var kept = keep(clients, 100, 300, 0, 200, 100);
        var tunnelled = keep(tunnels, 350, 10);
        memory.tick(System.nanoTime());
        assertThat(tunnels).containsExactly(tunnelled.get(1));
        assertThat(clients).containsExactlyInAnyOrder(kept.get(0), kept.get(1), kept.get(2), kept.get(3), kept.get(4));
        assertThat(counted).hasValue(1);
    }

    @Test
    void makesRoomForMoreThanTheNextByte() {
        for (var i = 0; i < 101; i++) {
            keep(clients, 10);
        }
        memory.tick(System.nanoTime());
        assertThat(clients.stream().mapToLong(Watched::kept).sum()).isEqualTo(750);
        assertThat(counted).hasValue(26);
    }

    @Test
    void looksBetweenTwoTicksWhenManyWait() {
        keep(clients, 2_000);
        for (var i = 0; i < 63; i++) {
            memory.waits();
        }
        assertThat(clients).hasSize(1);
        memory.waits();
        assertThat(clients).isEmpty();
    }
}
