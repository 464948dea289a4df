package sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.e2e.cluster.Fault;
import sluice.e2e.load.LoadResults;
import sluice.e2e.measure.DemoResult;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.story.Promotion;
import sluice.e2e.story.RedisOutage;
import sluice.e2e.story.Rollback;
import sluice.e2e.story.Stage;

/** The whole demonstration, in order, on one application under constant load. */
final class DemoStory {
    private static final double SHARE_OF_REQUESTS = 1.0;
    private static final int SLOW_MILLIS = 1_500;

    private final Stage stage;
    private final Manifest manifest;
    private final List<Rollback> rollbacks = new ArrayList<>();
    private @Nullable Promotion promotion;
    private @Nullable RedisOutage outage;

    DemoStory(Stage stage, Manifest manifest) {
        this.stage = stage;
        this.manifest = manifest;
    }

    void play() {
        chapter(
                "1 of 6: a limiter of 60 requests a minute for each user, kept in Redis, goes from 10% to 100% of callers");
        promotion = Promotion.play(stage, manifest, weight -> {});
        goesBack(
                "2 of 6: another limiter; the service answers 500 to its callers", 61, Fault.errors(SHARE_OF_REQUESTS));
        goesBack("3 of 6: another limiter; the service is slow for its callers", 62, Fault.latency(SLOW_MILLIS));
        goesBack(
                "4 of 6: another limiter; the service refuses its callers' tokens",
                63,
                Fault.authFailures(SHARE_OF_REQUESTS));
        chapter("5 of 6: a limiter that is far too tight, one request an hour");
        rollbacks.add(Rollback.play(stage, manifest.withLimit(1, "1h", 1), Fault.NONE));
        chapter("6 of 6: another limiter; Redis is killed in mid-canary");
        Promotion.play(stage, limit(64), weight -> outage = weight == 10 ? RedisOutage.play(stage) : outage);
    }

    private void goesBack(String title, int tokens, Fault fault) {
        chapter(title);
        rollbacks.add(Rollback.play(stage, limit(tokens), fault));
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
