package sluice.e2e.measure;

import java.util.ArrayList;
import java.util.List;

/** What the demonstration promises, held against what it measured. */
public final class Verdicts {
    /** What chance alone brings about less often, once in a million runs, is not put down to chance. */
    private static final double LEAST_CHANCE = 1e-6;
    /** How long a rollback may take from the commit to the last acknowledgement. */
    private static final long LONGEST_COMMIT_TO_ACK_MILLIS = 1_000;

    private Verdicts() {}

    /** The promises that were broken, a sentence each; empty when all is well. */
    public static List<String> broken(DemoResult result) {
        List<String> broken = new ArrayList<>();
        var promotion = result.promotion();
        if (promotion != null) {
            promotion(promotion, broken);
        }
        result.rollbacks().forEach(rollback -> rollback(rollback, broken));
        var outage = result.redisOutage();
        if (outage != null) {
            outage(outage, broken);
        }
        return List.copyOf(broken);
    }

    private static void promotion(PromotionFigures promotion, List<String> broken) {
        check(promotion.totalRequests() > 0, "no request was sent during the promotion", broken);
        check(
                promotion.failedRequests() == 0,
                "%d requests failed during the promotion: %s"
                        .formatted(promotion.failedRequests(), promotion.failures()),
                broken);
        for (StepFigures step : promotion.steps()) {
            check(
                    step.chanceOfNobody() < LEAST_CHANCE,
                    "at weight %d there were too few callers to tell their share: %d"
                            .formatted(step.weight(), step.users()),
                    broken);
            check(
                    step.chance() >= LEAST_CHANCE,
                    "at weight %d the share of %d callers was %.4f, as chance alone would have it less than once in a million runs"
                            .formatted(step.weight(), step.users(), step.observedShare()),
                    broken);
            check(
                    step.inBothArms() == 0,
                    "at weight %d, %d callers were in both arms".formatted(step.weight(), step.inBothArms()),
                    broken);
        }
    }

    private static void rollback(RollbackFigures rollback, List<String> broken) {
        var took = rollback.commitToLastAckMs();
        check(
                took != null && took < LONGEST_COMMIT_TO_ACK_MILLIS,
                "%s: from commit to the last acknowledgement: %s ms".formatted(rollback.signal(), took),
                broken);
        check(
                rollback.candidateRequestsAfterLastAck() == 0,
                "%s: %d candidate requests after the last acknowledgement"
                        .formatted(rollback.signal(), rollback.candidateRequestsAfterLastAck()),
                broken);
        check(
                rollback.failedRequestsNotInjected() == 0,
                "%s: %d requests failed that were not spoilt on purpose"
                        .formatted(rollback.signal(), rollback.failedRequestsNotInjected()),
                broken);
    }

    private static void outage(OutageFigures outage, List<String> broken) {
        check(outage.failedRequests() == 0, outage.failedRequests() + " requests failed while Redis was away", broken);
        check(outage.memoryDecisions() > 0, "no decision was taken in memory while Redis was away", broken);
        check(outage.warnLines() > 0, "no sidecar warned while Redis was away", broken);
    }

    private static void check(boolean holds, String otherwise, List<String> broken) {
        if (!holds) {
            broken.add(otherwise);
        }
    }
}
