package sluice.e2e.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sluice.e2e.log.LogLine;
import sluice.e2e.log.PodLine;
import sluice.e2e.rollout.RolloutView;
import sluice.e2e.rollout.Seen;

/** Sorts requests by step. A request carries the epoch by which it was judged, and status says each epoch's weight. */
public final class StepRequests {
    private static final Set<String> STEPPING = Set.of("Progressing", "Baking");

    private StepRequests() {}

    /** Requests by weight, lowest weight first. Those of epochs outside the steps are left out. */
    public static Map<Integer, List<LogLine.Request>> byWeight(
            List<Seen> history, List<PodLine<LogLine.Request>> lines) {
        var weights = weightOfEpoch(history);
        return lines.stream()
                .map(PodLine::line)
                .filter(request -> weights.containsKey(request.epoch()))
                .collect(Collectors.groupingBy(
                        request -> weights.getOrDefault(request.epoch(), 0), TreeMap::new, Collectors.toList()));
    }

    static Map<Long, Integer> weightOfEpoch(List<Seen> history) {
        Map<Long, Integer> weights = new HashMap<>();
        history.stream()
                .map(Seen::rollout)
                .filter(StepRequests::isStep)
                .forEach(rollout -> weights.put(rollout.epoch(), rollout.weight()));
        return weights;
    }

    private static boolean isStep(RolloutView rollout) {
        return STEPPING.contains(rollout.phase()) && rollout.weight() > 0;
    }
}
