package sluice.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.reconcile.BootstrapConfigMap;
import sluice.operator.reconcile.ClusterChanges;
import sluice.operator.reconcile.HookJob;
import sluice.operator.reconcile.Target;
import sluice.operator.reconcile.TargetLabel;

/**
 * One operator's writes: each may fail before or after it took effect, take effect when nobody waits for it any more, or be the last thing
 * that the process did.
 */
final class Writes implements ClusterChanges {

    private static final long TIMEOUT = 3_000;
    private static final int SELDOM = 12;
    /** For what is written a few times in a rollout. */
    private static final int OFTEN = 3;

    private final World world;
    private final OperatorProcess owner;

    Writes(World world, OperatorProcess owner) {
        this.world = world;
        this.owner = owner;
    }

    RateLimitRollout status(RateLimitRollout changed, ApiServer.Origin origin) {
        return write("status", () -> world.api.putStatus(changed, origin));
    }

    void removeFinalizer(RateLimitRollout rollout) {
        write("finalizer", () -> {
            world.api.removeFinalizer(rollout.getMetadata().getResourceVersion());
            return true;
        });
    }

    @Override
    public void put(ConfigMap wanted) {
        owner.boundary("read ConfigMap");
        owner.requireConnected();
        var present = world.api.now().bootstrap();
        present.ifPresent(found -> requireNotOlder(wanted, found));
        write("ConfigMap", () -> {
            world.api.putBootstrap(
                    wanted, present.map(found -> found.getMetadata().getResourceVersion()));
            return true;
        });
    }

    /** As AppliedChanges does. */
    private void requireNotOlder(ConfigMap wanted, ConfigMap present) {
        var epoch = BootstrapConfigMap.epoch(wanted);
        var committed = world.api
                .now()
                .rollout()
                .map(RateLimitRollout::getStatus)
                .map(RateLimitRolloutStatus::epoch)
                .orElse(0L);
        if (BootstrapConfigMap.epoch(present) > epoch && committed > epoch) {
            throw new IllegalStateException("the ConfigMap is of a later epoch than " + epoch);
        }
    }

    @Override
    public void label(Target target, String value) {
        write("label", () -> {
            world.api.changeTarget(
                    target.metadata(),
                    builder -> builder.editSpec()
                            .editTemplate()
                            .editMetadata()
                            .addToLabels(TargetLabel.KEY, value)
                            .endMetadata()
                            .endTemplate()
                            .endSpec());
            return true;
        });
    }

    @Override
    public void unlabel(Target target) {
        write("unlabel", () -> {
            world.api.changeTarget(
                    target.metadata(),
                    builder -> builder.editSpec()
                            .editTemplate()
                            .editMetadata()
                            .removeFromLabels(TargetLabel.KEY)
                            .endMetadata()
                            .endTemplate()
                            .endSpec());
            return true;
        });
    }

    /** As AppliedChanges does: what is committed is asked first, and a Job that is there is the one that was to be made. */
    @Override
    public void start(Job job) {
        owner.boundary("read status for a Job");
        owner.requireConnected();
        if (world.api
                .now()
                .rollout()
                .filter(rollout -> HookJob.isWanted(job, rollout))
                .isEmpty()) {
            return;
        }
        try {
            write("Job", OFTEN, () -> {
                world.jobs.create(job);
                return true;
            });
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    @Override
    public void stop(Job job) {
        write("end of a Job", OFTEN, () -> {
            world.jobs.delete(job);
            return true;
        });
    }

    @Override
    public void tell(Event event) {
        write(
                "event " + event.getReason(),
                () -> world.api.events().add(event.getMetadata().getName()));
    }

    /** Written in a thread of its own, and read by nobody who decides. */
    @Override
    public void keep(RateLimitRollout committed) {}

    private <T> T write(String what, Supplier<T> effect) {
        return write(what, SELDOM, effect);
    }

    private <T> T write(String what, int oneIn, Supplier<T> effect) {
        owner.boundary("write " + what);
        owner.requireConnected();
        if (world.faults.strike(Faults.Kind.WRITE, oneIn)) {
            throw fault(what, effect);
        }
        var answer = effect.get();
        owner.boundary("wrote " + what);
        return answer;
    }

    private <T> RuntimeException fault(String what, Supplier<T> effect) {
        switch (world.random.nextInt(4)) {
            case 0 -> {
                world.time.note(() -> "*** " + owner + ": " + what + " fails");
                return new KubernetesClientException("too many requests", 429, null);
            }
            case 1 -> {
                world.time.note(() -> "*** " + owner + ": " + what + " takes effect, the answer is lost");
                var _ = effect.get();
                world.time.pass(TIMEOUT);
            }
            case 2 -> {
                world.time.note(() -> "*** " + owner + ": " + what + " takes effect late");
                late(effect);
                world.time.pass(TIMEOUT);
            }
            default -> {
                late(effect);
                owner.die("with " + what + " on its way");
            }
        }
        owner.boundary("timeout of " + what);
        return new KubernetesClientException("timeout", new IOException("timeout"));
    }

    private void late(Supplier<?> effect) {
        world.time.after(world.faults.millis(100, 20_000), () -> {
            try {
                var _ = Optional.ofNullable(effect.get());
            } catch (RuntimeException refused) {
                world.time.note(() -> "*** the late write is refused: " + refused.getMessage());
            }
        });
    }
}
