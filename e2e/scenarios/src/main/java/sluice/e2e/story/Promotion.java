package sluice.e2e.story;

import java.time.Instant;
import java.util.List;
import java.util.function.IntConsumer;
import sluice.e2e.load.LoadResults;
import sluice.e2e.measure.PromotionFigures;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.Seen;

/**
 * A rollout that went all the way.
 *
 * @param history what it showed from when it was applied until it was promoted
 */
public record Promotion(Instant appliedAt, Instant promotedAt, List<Seen> history) {
    public Promotion {
        history = List.copyOf(history);
    }

    /**
     * Applies the manifest, with steps 10 and 100, and waits until it is promoted.
     *
     * @param atStep told of each weight when it is reached; what it does happens in the middle of the step
     */
    public static Promotion play(Stage stage, Manifest manifest, IntConsumer atStep) {
        var appliedAt = stage.now();
        int mark = stage.apply(manifest);
        for (int weight : List.of(10, 100)) {
            stage.awaitWeight(weight, mark);
            atStep.accept(weight);
        }
        var promotedAt = stage.awaitPromoted(mark).at();
        stage.awaitLogsBeyond(promotedAt);
        return new Promotion(appliedAt, promotedAt, stage.history().from(mark));
    }

    public PromotionFigures figures(Stage stage, LoadResults load) {
        return PromotionFigures.of(history, stage.logs(), load, appliedAt, promotedAt);
    }
}
