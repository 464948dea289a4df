package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class TimedLockTest {

    @SuppressWarnings("NullAway.Init") // set by the extension
    private KubernetesClient client;

    private final AtomicLong nanoTime = new AtomicLong(100);
    private final SlowLock slow = new SlowLock();
    private final TimedLock lock = new TimedLock(slow, nanoTime::get);

    /** A lock whose every write takes ten nanoseconds. */
    private final class SlowLock implements Lock {

        private boolean refuses;

        @Override
        public @Nullable LeaderElectionRecord get(KubernetesClient by) {
            return null;
        }

        @Override
        public void create(KubernetesClient by, LeaderElectionRecord written) {
            update(by, written);
        }

        @Override
        public void update(KubernetesClient by, LeaderElectionRecord written) {
            nanoTime.addAndGet(10);
            if (refuses) {
                throw new KubernetesClientException("conflict", 409, null);
            }
        }

        @Override
        public String identity() {
            return "me";
        }

        @Override
        public String describe() {
            return "lock";
        }
    }

    @Test
    void countsFromBeforeTheWrite() {
        lock.update(client, held("me"));

        assertThat(lock.lastRenewal()).hasValue(100);
    }

    @Test
    void isNotRenewedByAWriteThatFailed() {
        lock.create(client, held("me"));
        slow.refuses = true;

        assertThatThrownBy(() -> lock.update(client, held("me"))).isInstanceOf(KubernetesClientException.class);

        assertThat(lock.lastRenewal()).hasValue(100);
    }

    @Test
    void isOverOnceItIsGivenBack() {
        lock.update(client, held("me"));
        lock.update(client, held(null));

        assertThat(lock.lastRenewal()).isEmpty();
    }

    private static LeaderElectionRecord held(@Nullable String holder) {
        var now = ZonedDateTime.parse("2026-01-01T00:00:00Z");
        return new LeaderElectionRecord(holder, Duration.ofSeconds(15), now, now, 0);
    }
}
