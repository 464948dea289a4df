package sluice.operator.prometheus;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import sluice.operator.rollout.Blocker;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.SignalQuery;
import sluice.operator.rollout.SignalReader;
import sluice.operator.rollout.Signals;

/** Reads signals by range queries. */
public final class PrometheusSignalReader implements SignalReader {
    private final Map<String, PrometheusProvider> providers;

    /** Takes the providers by the name that a resource uses. */
    public PrometheusSignalReader(Map<String, PrometheusProvider> providers) {
        this.providers = Map.copyOf(providers);
    }

    @Override
    public Signals read(SignalQuery query, RolloutPlan plan, Instant now) {
        return Signals.missing("not read");
    }

    @Override
    public List<Blocker> blockers(RolloutPlan plan) {
        return providers.isEmpty() ? List.of(new Blocker("PrometheusUnknown", "none configured")) : List.of();
    }
}
