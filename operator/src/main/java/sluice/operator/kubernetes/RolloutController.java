package sluice.operator.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.reconcile.RolloutReconciler;

/** Runs the reconciler in the operator framework: informers, one turn at a time per rollout, and the finalizer. */
public final class RolloutController implements AutoCloseable {

    private static final Duration TURNS_END = Duration.ofSeconds(5);
    private static final int TURNS_AT_ONCE = 5;
    private static final Duration BETWEEN_TURNS = Duration.ofMillis(200);

    private final Operator operator;

    /**
     * Reconciles once it is started.
     *
     * @param namespaces empty for all
     */
    public RolloutController(KubernetesClient client, RolloutReconciler reconciler, List<String> namespaces) {
        this(client, reconciler, namespaces, System::nanoTime);
    }

    /** By a clock of somebody's own for how often a rollout has a turn. */
    RolloutController(
            KubernetesClient client,
            Reconciler<RateLimitRollout> reconciler,
            List<String> namespaces,
            LongSupplier nanoTime) {
        operator = new Operator(settings -> settings.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(TURNS_END)
                // The finalizer by JSON patch: server-side apply would make the framework an owner of fields.
                .withUseSSAToPatchPrimaryResource(false)
                .withStopOnInformerErrorDuringStartup(false));
        operator.register(reconciler, controller -> configure(controller, namespaces, nanoTime));
    }

    private static void configure(
            ControllerConfigurationOverrider<RateLimitRollout> controller,
            List<String> namespaces,
            LongSupplier nanoTime) {
        controller
                .withName("ratelimitrollouts")
                .withFinalizer(RolloutReconciler.FINALIZER)
                .withReconciliationMaxInterval(Duration.ofMinutes(1))
                // The framework's own (5.3.2) says how long its period has lasted, not how long it still lasts.
                .withRateLimiter(new TurnRate(TURNS_AT_ONCE, BETWEEN_TURNS, nanoTime))
                // Turns do not throw; should one, it is tried again for ever.
                .withRetry(new GenericRetry()
                        .setMaxAttempts(-1)
                        .setInitialInterval(1_000)
                        .setMaxInterval(10_000));
        if (!namespaces.isEmpty()) {
            controller.settingNamespaces(Set.copyOf(namespaces));
        }
    }

    /** Returns when every informer has listed once. */
    public void start() {
        operator.start();
    }

    /** Lets turns that are being taken end, for five seconds. */
    @Override
    public void close() {
        operator.stop();
    }
}
