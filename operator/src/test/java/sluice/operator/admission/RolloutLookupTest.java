package sluice.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;

class RolloutLookupTest {

    private static final InjectionSettings SETTINGS =
            InjectionSettings.of("sluice/limiter-sidecar:0.1.0", "IfNotPresent", "https://control:9443");
    private static final String OLDER = "api.00000000";

    /** Counts who is asked. */
    private static final class Source implements RolloutSource {
        private Supplier<Optional<RateLimitRollout>> cache = () -> Optional.of(rollout(1, "redis"));
        private Supplier<Optional<RateLimitRollout>> server = () -> cache.get();
        private int cacheAsked;
        private int serverAsked;

        @Override
        public Optional<RateLimitRollout> cached(String namespace, String name) {
            cacheAsked++;
            return cache.get();
        }

        @Override
        public Optional<RateLimitRollout> current(String namespace, String name) {
            serverAsked++;
            return server.get();
        }
    }

    private final Source source = new Source();
    private final RolloutLookup lookup = new RolloutLookup(source, SETTINGS);

    @Test
    void asksTheCacheAloneWhenItFitsTheLabel() throws InterruptedException {
        assertThat(generation(label(rollout(1, "redis")))).isEqualTo(1);
        assertThat(source.cacheAsked).isEqualTo(1);
        assertThat(source.serverAsked).isZero();
    }

    @Test
    void waitsForACacheThatIsBehindTheLabel() throws InterruptedException {
        source.cache = () -> Optional.of(source.cacheAsked < 3 ? rollout(1, "redis") : rollout(2, "other"));

        assertThat(generation(label(rollout(2, "other")))).isEqualTo(2);
        assertThat(source.serverAsked).isZero();
    }

    @Test
    void asksTheServerWhenTheCacheStaysBehind() throws InterruptedException {
        source.server = () -> Optional.of(rollout(2, "other"));

        assertThat(generation(label(rollout(2, "other")))).isEqualTo(2);
    }

    @Test
    void takesWhatTheCacheHasWhenTheServerDoesNotAnswer() throws InterruptedException {
        source.server = () -> {
            throw new IllegalStateException("timeout");
        };

        assertThat(generation(OLDER)).isEqualTo(1);
    }

    @Test
    void failsWhenNeitherCanSay() {
        source.cache = Optional::empty;
        source.server = () -> {
            throw new IllegalStateException("timeout");
        };

        assertThatThrownBy(() -> lookup.find("apps", OLDER)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitsOnceForALabelThatIsOlderThanTheRollout() throws InterruptedException {
        lookup.find("apps", OLDER);
        source.cacheAsked = 0;

        assertThat(generation(OLDER)).isEqualTo(1);
        assertThat(source.cacheAsked).isEqualTo(1);
        assertThat(source.serverAsked).isEqualTo(1);
    }

    @Test
    void isNotSureOfALabelThatItHasNotSeenOrOfTheNextGeneration() throws InterruptedException {
        lookup.find("apps", OLDER);
        lookup.find("apps", "api.11111111");
        assertThat(source.serverAsked).isEqualTo(2);

        source.cache = () -> Optional.of(rollout(2, "redis"));
        lookup.find("apps", OLDER);
        assertThat(source.serverAsked).isEqualTo(3);
    }

    @Test
    void doesNotTakeTheServersFailureForItsAnswer() throws InterruptedException {
        source.server = () -> {
            throw new IllegalStateException("timeout");
        };
        lookup.find("apps", OLDER);
        lookup.find("apps", OLDER);
        assertThat(source.serverAsked).isEqualTo(2);
    }

    private long generation(String label) throws InterruptedException {
        return lookup.find("apps", label).orElseThrow().getMetadata().getGeneration();
    }

    private static String label(RateLimitRollout rollout) {
        return InjectionLabel.valueFor(rollout, SETTINGS);
    }

    private static RateLimitRollout rollout(long generation, String secret) {
        return Serialization.unmarshal("""
                metadata: {name: api, namespace: apps, uid: 6f0c, generation: %d}
                spec:
                  targetRef: {kind: Deployment, name: api}
                  limiter: {backend: Redis, redis: {secretRef: {name: %s}}, limits: [{name: all, tokens: 100, per: 1m}]}
                """.formatted(generation, secret), RateLimitRollout.class);
    }
}
