package sluice.operator.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When the leases of sidecars that cannot be reached are over, and whose streams are kept. */
class StreamsTest {

    private static final RolloutKey ROLLOUT = new RolloutKey("apps", "scholarship-api");
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final AtomicLong nanoTime = new AtomicLong(-5);
    private final Streams streams = new Streams(new Acks(), nanoTime::get);

    @Test
    void countsFromWhenTheEpochWasPublishedAndNotFromWhenItWasDecided() {
        publish(6, LEASE);
        // Heartbeats vouch for epoch 6 until the commit of epoch 7 is answered.
        pass(LEASE.multipliedBy(10));
        assertThat(streams.leasesOver(ROLLOUT, 7)).isFalse();

        publish(7, LEASE);
        pass(LEASE.plus(Streams.SILENCE));
        assertThat(streams.leasesOver(ROLLOUT, 7)).isFalse();

        pass(Duration.ofNanos(1));
        assertThat(streams.leasesOver(ROLLOUT, 7)).isTrue();
        assertThat(streams.leasesOver(ROLLOUT, 6)).isFalse();
    }

    @Test
    void theSameEpochAgainBeginsNothingAnew() {
        publish(7, LEASE);
        pass(LEASE);
        publish(7, LEASE);
        pass(LEASE);

        assertThat(streams.leasesOver(ROLLOUT, 7)).isTrue();
    }

    @Test
    void theLongestLeaseThatWasGivenCounts() {
        publish(6, LEASE.multipliedBy(10));
        publish(7, LEASE);
        pass(LEASE.multipliedBy(10));
        assertThat(streams.leasesOver(ROLLOUT, 7)).isFalse();

        pass(LEASE);
        assertThat(streams.leasesOver(ROLLOUT, 7)).isTrue();
    }

    @Test
    void whoHasJustBegunToLeadKnowsNothing() {
        assertThat(streams.leasesOver(ROLLOUT, 7)).isFalse();

        publish(7, LEASE);
        assertThat(streams.leasesOver(ROLLOUT, 7)).isFalse();
    }

    @Test
    void aPodThatIsNotSeenWithinAMinuteHasToSayAnewWhoItIs() {
        publish(7, LEASE);
        var channel = new EmbeddedChannel();
        streams.join(ROLLOUT, new StreamConnection(new PodIdentity("apps", "pod", "uid"), channel));

        pass(Duration.ofSeconds(59));
        streams.retain(ROLLOUT, Set.of());
        assertThat(channel.isOpen()).isTrue();

        pass(Duration.ofSeconds(1));
        streams.retain(ROLLOUT, Set.of());
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aPodThatWasSeenInTimeStaysUntilItIsGone() {
        publish(7, LEASE);
        var channel = new EmbeddedChannel();
        streams.join(ROLLOUT, new StreamConnection(new PodIdentity("apps", "pod", "uid"), channel));
        streams.retain(ROLLOUT, Set.of("uid"));
        pass(Duration.ofHours(1));

        streams.retain(ROLLOUT, Set.of("uid"));
        assertThat(channel.isOpen()).isTrue();

        streams.retain(ROLLOUT, Set.of());
        assertThat(channel.isOpen()).isFalse();
    }

    private void publish(long epoch, Duration lease) {
        streams.publish(ROLLOUT, new Publication(epoch, "{}", lease));
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
