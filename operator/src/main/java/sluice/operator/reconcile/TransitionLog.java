package sluice.operator.reconcile;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.RolloutState;

/** One line per transition. */
final class TransitionLog {

    private static final Logger LOG = LoggerFactory.getLogger(TransitionLog.class);

    private TransitionLog() {}

    static void write(Observed observed, Committed committed) {
        var before = observed.state();
        var after = committed.state();
        if (Objects.equals(decision(before), decision(after)) && before.epoch() == after.epoch()) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("rollout", observed.key())
                .addKeyValue("phase", after.phase().text())
                .addKeyValue("weight", after.weight())
                .addKeyValue("epoch", after.epoch())
                .addKeyValue(
                        "decision", after.lastDecision().map(DecisionNote::name).orElse(""))
                .addKeyValue(
                        "reason", after.lastDecision().map(DecisionNote::reason).orElse(""))
                .addKeyValue("sidecars", observed.census().sidecars())
                .log(after.lastDecision().map(DecisionNote::message).orElse("transition"));
    }

    private static String decision(RolloutState state) {
        return state.lastDecision()
                .map(note -> note.name() + "/" + note.reason())
                .orElse("");
    }
}
