package sluice.e2e;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.e2e.cluster.Fault;
import sluice.e2e.load.LoadResults;
import sluice.e2e.measure.DemoResult;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.StoryBrokenException;
import sluice.e2e.story.Patience;
import sluice.e2e.story.Promotion;
import sluice.e2e.story.RedisOutage;
import sluice.e2e.story.Rollback;
import sluice.e2e.story.SmokeSuite;
import sluice.e2e.story.Stage;

/** The whole demonstration, in order, on one application under constant load. */
final class DemoStory {
    private static final double ALL = 1.0;
    private static final int SLOW_MILLIS = 1_500;
    private static final Duration RATE_WINDOW = Duration.ofSeconds(65);

    private final Stage stage;
    private final Manifest manifest;
    private final URI service;
    private final List<Rollback> rollbacks = new ArrayList<>();
    private @Nullable Promotion promotion;
    private @Nullable RedisOutage outage;

    /**
     * A story to be played once.
     *
     * @param manifest the rollout that it begins with
     * @param service the address that callers use
     */
    DemoStory(Stage stage, Manifest manifest, URI service) {
        this.stage = stage;
        this.manifest = manifest;
        this.service = service;
    }

    void play() {
        chapter(
                "1 of 6: a limiter of 60 requests a minute for each user, kept in Redis, goes from 10% to 100% of callers");
        promote();
        chapter("2 of 6: another limiter; the service answers 500 to its callers");
        goesBack("ErrorRatio", limit(61), Fault.errors(ALL));
        chapter("3 of 6: another limiter; the service is slow for its callers");
        goesBack("LatencyP95", limit(62), Fault.latency(SLOW_MILLIS));
        chapter("4 of 6: another limiter; the service refuses its callers' tokens");
        int mark = stage.history().mark();
        goesBack("AuthFailures", checked(limit(63), SmokeSuite.AFTER_ROLLBACK), Fault.authFailures(ALL));
        letRatesForget(() -> SmokeSuite.AFTER_ROLLBACK.await(stage, mark));
        chapter("5 of 6: a limiter that is far too tight, one request an hour");
        goesBack("ThrottledRatio", manifest.withLimit(1, "1h", 1), Fault.NONE);
        chapter("6 of 6: another limiter; Redis is killed in mid-canary");
        Promotion.play(stage, limit(64), this::killRedis);
    }

    private void promote() {
        int mark = stage.history().mark();
        promotion = Promotion.play(stage, checked(manifest, SmokeSuite.AFTER_PROMOTION), weight -> {});
        SmokeSuite.AFTER_PROMOTION.await(stage, mark);
    }

    /** The next change that is applied would end the suite: only who waits for it asks for it. */
    private Manifest checked(Manifest change, SmokeSuite suite) {
        return change.with("/spec/hooks", List.of(suite.hook(service)));
    }

    private void goesBack(String signal, Manifest change, Fault fault) {
        var rollback = Rollback.play(stage, change, fault);
        rollbacks.add(rollback);
        if (!rollback.view().reason().equals(signal)) {
            throw new StoryBrokenException("it came back because of %s, not %s"
                    .formatted(rollback.view().reason(), signal));
        }
    }

    private void killRedis(int weight) {
        if (weight == 10) {
            outage = RedisOutage.play(stage);
        }
    }

    /** A rollout waits until the service is calm; whether it is so in failed sign-ins is known only against its own baseline. */
    private void letRatesForget(Runnable meanwhile) {
        var calm = stage.now().plus(RATE_WINDOW);
        stage.say("waiting until a minute's rates have forgotten that");
        meanwhile.run();
        Patience.until(
                "the rates to forget",
                RATE_WINDOW.multipliedBy(2),
                () -> stage.now().isAfter(calm));
    }

    private Manifest limit(int tokens) {
        return manifest.withLimit(tokens, "1m", tokens);
    }

    private void chapter(String title) {
        stage.say("");
        stage.say("-- " + title);
    }

    /** What was measured as far as the story got. */
    DemoResult result(LoadResults load) {
        return new DemoResult(
                promotion == null ? null : promotion.figures(stage, load),
                rollbacks.stream()
                        .map(rollback -> rollback.figures(stage, load))
                        .toList(),
                outage == null ? null : outage.figures(stage, load));
    }
}
