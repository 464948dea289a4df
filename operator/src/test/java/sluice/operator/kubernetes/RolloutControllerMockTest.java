package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.operator.api.v1alpha1.RateLimitRollout;

/** Turns as the framework gives them, by its own events and timer; the clock that says how many may begin stands still until it is told to go on. */
@EnableKubernetesMockClient(crud = true)
class RolloutControllerMockTest {

    private static final int AT_ONCE = 5;

    /** Wants its next turn as soon as one has ended. */
    private final class Restless implements Reconciler<RateLimitRollout> {
        @Override
        public UpdateControl<RateLimitRollout> reconcile(RateLimitRollout rollout, Context<RateLimitRollout> context) {
            begun.incrementAndGet();
            return UpdateControl.<RateLimitRollout>noUpdate().rescheduleAfter(Duration.ofMillis(1));
        }
    }

    @SuppressWarnings("NullAway.Init") // set by the extension
    private KubernetesClient client;

    private final AtomicLong nanoTime = new AtomicLong();
    /** How often the clock was looked at: once for a rollout that is new, and whenever one might have a turn. */
    private final AtomicInteger looks = new AtomicInteger();

    private final AtomicInteger begun = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before each
    private RolloutController controller;

    @BeforeEach
    void start() {
        controller = new RolloutController(client, new Restless(), List.of(), () -> {
            looks.incrementAndGet();
            return nanoTime.get();
        });
        controller.start();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void aRolloutThatHasUsedItsTurnsGetsEachOfTheNextWhenItIsDueAndNotBefore() {
        create("restless");
        awaitTurnedAway();
        assertThat(begun).hasValue(AT_ONCE);

        pass(Duration.ofMillis(199));
        awaitTurnedAway();
        assertThat(begun).hasValue(AT_ONCE);

        pass(Duration.ofMillis(1));
        awaitTurnedAway();
        assertThat(begun).hasValue(AT_ONCE + 1);

        pass(Duration.ofMillis(400));
        awaitTurnedAway();
        assertThat(begun).hasValue(AT_ONCE + 3);
    }

    @Test
    void takesNoTurnFromAnotherRollout() {
        create("restless");
        awaitTurnedAway();

        create("another");

        await().until(() -> begun.get() == 2 * AT_ONCE);
    }

    private void create(String name) {
        client.resource(Serialization.unmarshal("""
                        apiVersion: sluice.dev/v1alpha1
                        kind: RateLimitRollout
                        metadata: {name: %s, namespace: apps}
                        """.formatted(name), RateLimitRollout.class))
                .create();
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    /**
     * Waits until no further turn may begin by the clock as it stands. Who had a look and began nothing was turned away, but for one whose turn is just
     * beginning and for the look at a rollout that is new: so one of three was. Whoever is turned away has had all its other turns.
     */
    private void awaitTurnedAway() {
        // In this order: what begins between the two makes it too large, and the wait longer, never too short.
        var had = begun.get();
        var before = looks.get() - had;
        await().until(() -> looks.get() - begun.get() >= before + 3);
    }
}
