package sluice.e2e.story;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import sluice.e2e.cluster.App;
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
    private static final Duration UNTIL_STEPPING = Duration.ofMinutes(5);

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
                Duration.ofMinutes(1),
                () -> logs().count(request -> request.inCandidateArm() && request.epoch() >= epoch) >= atLeast);
    }

    /** Waits until every pod's log has been read beyond this time, so that counting up to it is final. */
    public void awaitLogsBeyond(Instant time) {
        var silentFor = time.plus(LONGEST_SILENCE);
        Patience.until("the logs beyond " + time, Duration.ofMinutes(2), () -> {
            var pods = new HashSet<>(logs().podsServingSince(time));
            return pods.containsAll(podNames()) || (!pods.isEmpty() && now().isAfter(silentFor));
        });
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
