package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an app serving while callers still arrive. A container that is told to stop at once answers nobody, however long the sidecar
 * drains; so one without a preStop hook gets a hook that only waits. The app's own hook is the app's business.
 */
final class GracefulStop {

    /** What Kubernetes takes for a pod that does not say. */
    static final long DEFAULT_GRACE_SECONDS = 30;

    private static final Pattern SLEEP_COMMAND = Pattern.compile("\\bsleep\\s+(\\d{1,6})\\b");

    private final long seconds;

    GracefulStop(InjectionSettings settings) {
        this.seconds = settings.drainSeconds();
    }

    static boolean hasOwnHook(Container container) {
        return ownHook(container) != null;
    }

    /** The container with a hook that waits, or the same container when it has its own. */
    Container apply(Container container) {
        if (hasOwnHook(container)) {
            return container;
        }
        return new ContainerBuilder(container)
                .editOrNewLifecycle()
                .withNewPreStop()
                .withNewSleep(seconds)
                .endPreStop()
                .endLifecycle()
                .build();
    }

    /** The pod's grace period with room for the wait. */
    long graceSeconds(@Nullable Long own) {
        return (own == null ? DEFAULT_GRACE_SECONDS : own) + seconds;
    }

    /** Says so when the container's own hook may let go before callers have. */
    Optional<String> shortfall(Container container) {
        var hook = ownHook(container);
        if (hook == null) {
            return Optional.empty();
        }
        var waits = waitOf(hook);
        if (waits.isEmpty()) {
            return Optional.of(container.getName() + ": own preStop kept, must take " + seconds + "s or more");
        }
        return waits.getAsLong() >= seconds
                ? Optional.empty()
                : Optional.of(container.getName() + ": own preStop kept, waits " + waits.getAsLong() + "s of " + seconds
                        + "s");
    }

    private static OptionalLong waitOf(LifecycleHandler hook) {
        if (hook.getSleep() != null) {
            return OptionalLong.of(hook.getSleep().getSeconds());
        }
        if (hook.getExec() != null) {
            return SLEEP_COMMAND
                    .matcher(String.join(" ", hook.getExec().getCommand()))
                    .results()
                    .mapToLong(match -> Long.parseLong(match.group(1)))
                    .max();
        }
        return OptionalLong.empty();
    }

    private static @Nullable LifecycleHandler ownHook(Container container) {
        return container.getLifecycle() == null
                ? null
                : container.getLifecycle().getPreStop();
    }
}
