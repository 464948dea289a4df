package sluice.e2e.story;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import sluice.e2e.cluster.App;
import sluice.e2e.cluster.Fault;
import sluice.e2e.cluster.Scripts;
import sluice.e2e.log.CollectedLogs;
import sluice.e2e.log.LogCollector;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.RolloutHistory;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.RolloutWatch;
import sluice.e2e.rollout.Seen;
import sluice.e2e.rollout.StoryBrokenException;

/** One application with its rollout, watched: what stories are played on. */
public final class Stage implements AutoCloseable {
    /** Enough for a service that still breaches because of the last story: rates look back a minute. */
    private static final Duration UNTIL_STEPPING = Duration.ofMinutes(8);

    /** Enough for a pod that only starts. */
    private static final Duration UNTIL_TOLD = Duration.ofMinutes(3);

    /** A pod whose log says nothing for so long while others' logs go on has nothing to say. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    private final Scripts scripts;
    private final App app;
    private final Narrator narrator;
    private final LogCollector collector;
    private final RolloutWatch watch;
    private final Clock clock = Clock.systemUTC();

    public Stage(KubernetesClient client, Scripts scripts, String namespace, Narrator narrator) {
        this.scripts = scripts;
        this.app = new App(client, namespace);
        this.narrator = narrator;
        this.collector = new LogCollector(client, namespace, App.SIDECAR);
        this.watch = new RolloutWatch(client, namespace, App.NAME, narrator::hear);
    }

    public App app() {
        return app;
    }

    public Scripts scripts() {
        return scripts;
    }

    public CollectedLogs logs() {
        return collector.logs();
    }

    public RolloutHistory history() {
        return watch.history();
    }

    public Instant now() {
        return clock.instant();
    }

    public void say(String what) {
        narrator.say(what);
    }

    /** Applies the manifest with kubectl and returns the place in the history where its story begins. */
    public int apply(Manifest manifest) {
        int mark = history().mark();
        scripts.kubectl(manifest.text(), "apply", "-f", "-");
        return mark;
    }

    /** Gives the rollout that is on its way a command, such as {@code abort}. */
    public void command(String verb) {
        var revision = history().from(0).getLast().rollout().candidateRevision();
        scripts.kubectl(
                "",
                "-n",
                app.namespace(),
                "annotate",
                "--overwrite",
                "ratelimitrollout",
                App.NAME,
                "sluice.dev/command=%s@%s/%d".formatted(verb, revision, now().toEpochMilli()));
    }

    /** Waits until every pod has its sidecar; gives up at once when the rollout goes back instead. */
    public void awaitSidecars(int mark) {
        unlessBack(history()
                .await(
                        "every pod's sidecar",
                        mark,
                        UNTIL_STEPPING,
                        rollout -> rollout.isCurrent() && (rollout.is("Observing") || goesBack(rollout))));
    }

    /** Waits for a step's weight; gives up at once when the rollout goes back instead. */
    Seen awaitWeight(int weight, int mark) {
        var seen = history()
                .await(
                        "weight " + weight,
                        mark,
                        UNTIL_STEPPING,
                        rollout -> rollout.isCurrent() && (isStepping(rollout, weight) || goesBack(rollout)));
        return unlessBack(seen);
    }

    Seen awaitPromoted(int mark) {
        var seen = history()
                .await(
                        "Promoted",
                        mark,
                        UNTIL_STEPPING,
                        rollout -> rollout.isNow("Promoted") || (rollout.isCurrent() && goesBack(rollout)));
        return unlessBack(seen);
    }

    private static Seen unlessBack(Seen seen) {
        if (goesBack(seen.rollout())) {
            throw new StoryBrokenException("the rollout went back: " + seen.rollout());
        }
        return seen;
    }

    private static boolean isStepping(RolloutView rollout, int weight) {
        return rollout.weight() == weight && (rollout.is("Progressing") || rollout.is("Baking"));
    }

    private static boolean goesBack(RolloutView rollout) {
        return rollout.is("RollingBack") || rollout.is("RolledBack");
    }

    /** Waits until the candidate judges requests by this epoch or a later one. */
    void awaitCandidateRequests(long epoch, int atLeast) {
        Patience.until(
                "requests in the candidate arm",
                Duration.ofMinutes(3),
                () -> logs().count(request -> request.inCandidateArm() && request.epoch() >= epoch) >= atLeast);
    }

    /** Waits until every pod's log has been read beyond this time, so that counting up to it is final. */
    public void awaitLogsBeyond(Instant time) {
        var silentFor = time.plus(LONGEST_SILENCE);
        Patience.until("the logs beyond " + time, Duration.ofMinutes(3), () -> {
            var pods = new HashSet<>(logs().podsServingSince(time));
            return pods.containsAll(podNames()) || (!pods.isEmpty() && now().isAfter(silentFor));
        });
    }

    /** Tells every pod to spoil answers. */
    void spoil(Fault fault) {
        tellEveryPod("to spoil answers", pod -> app.spoil(pod, fault));
    }

    /** Tells every pod to behave. */
    void heal() {
        tellEveryPod("to behave", app::heal);
    }

    /** One that only starts is told when it listens, and one that goes meanwhile counts no more. */
    private void tellEveryPod(String what, Consumer<Pod> order) {
        Set<String> told = new HashSet<>();
        Patience.until(
                "every pod to be told " + what,
                UNTIL_TOLD,
                () -> app.isWhole(pod -> told.contains(uid(pod)) || (takes(order, pod) && told.add(uid(pod)))));
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private static boolean takes(Consumer<Pod> order, Pod pod) {
        try {
            order.accept(pod);
            return true;
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    Collection<String> podNames() {
        return app.pods().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    @Override
    public void close() {
        watch.close();
        collector.close();
    }
}
