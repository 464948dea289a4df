package sluice.e2e.story;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import sluice.e2e.cluster.Fault;
import sluice.e2e.load.LoadResults;
import sluice.e2e.measure.RollbackFigures;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.RollbackView;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;
import sluice.e2e.rollout.StoryBrokenException;

/**
 * A rollout that came back by itself.
 *
 * @param overAt when the logs had been read far enough to prove that nobody is in the candidate arm
 * @param history what it showed from when it was applied
 */
public record Rollback(RollbackView view, Instant appliedAt, Instant overAt, List<Seen> history) {
    private static final Duration UNTIL_BACK = Duration.ofMinutes(5);
    /** How long the candidate arm is watched after the last acknowledgement. */
    private static final Duration PROOF = Duration.ofSeconds(3);

    /** A request is logged when it ends and sorted by when it arrived; one that is slowed down on purpose takes as much longer. */
    private static final Duration SLOWEST_REQUEST = Duration.ofSeconds(3);

    private static final int ENOUGH_CANDIDATE_REQUESTS = 20;

    public Rollback {
        history = List.copyOf(history);
    }

    /** Applies the manifest, breaks the service for the candidate's callers at the first step, and heals it when all are back. */
    public static Rollback play(Stage stage, Manifest manifest, Fault fault) {
        return play(stage, manifest, fault, () -> {});
    }

    /**
     * The same, of a manifest that is applied already.
     *
     * @param mark where its story begins in the history
     */
    public static Rollback ofApplied(Stage stage, Instant appliedAt, int mark, Fault fault) {
        return ofApplied(stage, appliedAt, mark, fault, () -> {});
    }

    /**
     * From applying the manifest on, with something that happens in the middle of the rollback.
     *
     * @param onRollingBack run the moment the rollback is seen to be committed
     */
    public static Rollback play(Stage stage, Manifest manifest, Fault fault, Runnable onRollingBack) {
        var appliedAt = stage.now();
        return ofApplied(stage, appliedAt, stage.apply(manifest), fault, onRollingBack);
    }

    private static Rollback ofApplied(Stage stage, Instant appliedAt, int mark, Fault fault, Runnable onRollingBack) {
        try (Afterwards _ = () -> heal(stage, fault)) {
            awaitFirstStep(stage, mark, fault);
            stage.history().await("a rollback", mark, UNTIL_BACK, rollout -> rollout.isCurrent() && goesBack(rollout));
            onRollingBack.run();
            stage.history().await("RolledBack", mark, UNTIL_BACK, rollout -> rollout.isNow("RolledBack"));
        }
        return over(stage, appliedAt, mark, fault);
    }

    private static boolean goesBack(RolloutView rollout) {
        return rollout.is("RollingBack") || rollout.is("RolledBack");
    }

    private static void awaitFirstStep(Stage stage, int mark, Fault fault) {
        var step = stage.awaitWeight(10, mark);
        if (!fault.isNone()) {
            stage.awaitCandidateRequests(step.rollout().epoch(), ENOUGH_CANDIDATE_REQUESTS);
            stage.say("the service breaks for callers in the candidate arm: " + fault.inWords());
            stage.spoil(fault);
        }
    }

    private static void heal(Stage stage, Fault fault) {
        if (!fault.isNone()) {
            stage.heal();
            stage.say("the service is healed");
        }
    }

    private static Rollback over(Stage stage, Instant appliedAt, int mark, Fault fault) {
        var back = stage.history().from(mark).getLast();
        var view = back.rollout()
                .lastRollback()
                .orElseThrow(() -> new StoryBrokenException("RolledBack without status.lastRollback"));
        var overAt = view.lastAckAt().orElse(back.at()).plus(PROOF);
        stage.awaitLogsBeyond(overAt.plus(SLOWEST_REQUEST).plusMillis(fault.latencyMillis()));
        return new Rollback(view, appliedAt, overAt, stage.history().from(mark));
    }

    public RollbackFigures figures(Stage stage, LoadResults load) {
        return RollbackFigures.of(view, stage.logs(), load, appliedAt, overAt);
    }
}
