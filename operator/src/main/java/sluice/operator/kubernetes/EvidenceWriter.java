package sluice.operator.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.PastDecisionStatus;
import sluice.operator.api.v1alpha1.RateLimitRollout;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.reconcile.EvidenceConfigMap;

/**
 * Writes what is kept of rollouts' pasts, in a thread of its own: neither a rollback nor a look at a stop-loss rule waits for it. What
 * fails is tried again a minute later, at a turn of the rollout; what has not changed since it was written costs no request.
 */
final class EvidenceWriter {

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceWriter.class);
    private static final int MOST_REMEMBERED = 10_000;
    private static final long IDLE_SECONDS = 10;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** What of a rollout evidence is made of. */
    private record Grounds(
            @Nullable RateLimitRolloutSpec spec,
            @Nullable List<PastDecisionStatus> decisions,
            @Nullable LimiterStatus stable,
            @Nullable LimiterStatus candidate,
            List<Optional<String>> rollback) {

        /** Empty when nothing is committed. */
        static Optional<Grounds> of(RateLimitRollout rollout) {
            return Optional.ofNullable(rollout.getStatus()).map(status -> {
                var back = Optional.ofNullable(status.lastRollback());
                return new Grounds(
                        rollout.getSpec(),
                        status.decisions(),
                        status.stable(),
                        status.candidate(),
                        List.of(back.map(it -> it.decidedAt()), back.map(it -> it.finishedAt())));
            });
        }
    }

    private final KubernetesClient client;
    private final Map<String, RateLimitRollout> waiting = new ConcurrentHashMap<>();
    private final Duration pause;
    /** From when on it may be tried again, by {@link System#nanoTime()}. */
    private final Map<String, Long> failing = new ConcurrentHashMap<>();
    /** The hashes of what it was made of. */
    private final Map<String, Integer> written = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> Thread.ofPlatform().daemon().name("evidence").unstarted(task));

    EvidenceWriter(KubernetesClient client) {
        this(client, PAUSE);
    }

    EvidenceWriter(KubernetesClient client, Duration pause) {
        this.client = client;
        this.pause = pause;
        worker.allowCoreThreadTimeOut(true);
    }

    /** Sees that what is committed is kept; returns at once. */
    void keep(RateLimitRollout committed) {
        var uid = committed.getMetadata().getUid();
        var grounds = Grounds.of(committed);
        if (grounds.isPresent()
                && !Objects.equals(grounds.get().hashCode(), written.get(uid))
                && mayTry(uid)
                && waiting.put(uid, committed) == null) {
            worker.execute(() -> write(uid));
        }
    }

    private boolean mayTry(String uid) {
        var again = failing.get(uid);
        return again == null || System.nanoTime() - again >= 0;
    }

    private void write(String uid) {
        var committed = waiting.remove(uid);
        if (committed == null) {
            return;
        }
        try {
            put(committed);
            Grounds.of(committed).ifPresent(grounds -> written.put(uid, grounds.hashCode()));
            failing.remove(uid);
        } catch (RuntimeException e) {
            if (!isConflict(e) && failing.put(uid, System.nanoTime() + pause.toNanos()) == null) {
                LOG.atWarn()
                        .addKeyValue("rollout", key(committed))
                        .addKeyValue("problem", e.getClass().getSimpleName() + ": " + e.getMessage())
                        .log("evidence not written; trying again");
            }
        }
    }

    private void put(RateLimitRollout committed) {
        var meta = committed.getMetadata();
        Optional<ConfigMap> present = Optional.ofNullable(client.configMaps()
                .inNamespace(meta.getNamespace())
                .withName(EvidenceConfigMap.name(meta.getName()))
                .get());
        EvidenceConfigMap.after(committed, present).ifPresent(wanted -> {
            if (present.isEmpty()) {
                client.resource(wanted).create();
            } else {
                // Of two leaders one loses, and adds its own to the other's at its next turn.
                client.resource(wanted)
                        .lockResourceVersion(present.get().getMetadata().getResourceVersion())
                        .update();
            }
        });
    }

    private static boolean isConflict(RuntimeException problem) {
        return problem instanceof KubernetesClientException refused
                && refused.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    private static String key(RateLimitRollout rollout) {
        return rollout.getMetadata().getNamespace() + "/"
                + rollout.getMetadata().getName();
    }
}
