package sluice.operator.rollout;

import java.time.Instant;
import java.util.List;

/** Reads signals from where they are kept. Never throws for what the other side does: that is a missing reading. */
public interface SignalReader {
    /** Reads everything at once; bounded in time. */
    Signals read(SignalQuery query, RolloutPlan plan, Instant now);

    /** How the whole service is; bounded in time. Asked for once in a while, where people are to be told. */
    Figures figures(String namespace, String rollout, RolloutPlan plan, Instant now);

    /** Why the plan cannot be watched with what is configured: an unknown provider, one that scrapes too rarely for a rule. */
    List<Blocker> blockers(RolloutPlan plan);
}
