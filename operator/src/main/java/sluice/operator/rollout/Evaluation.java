package sluice.operator.rollout;

import java.util.List;

/**
 * The result of one evaluation.
 *
 * @param next what to commit; the committed state, not the decision, is what gets carried out
 * @param findings every rule's verdict, worst first
 */
public record Evaluation(Decision decision, RolloutState next, List<Finding> findings) {
    public Evaluation {
        findings = List.copyOf(findings);
    }
}
