package sluice.operator.control;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last acknowledgement of each pod. In memory only: whoever reconnects after a change of leader acknowledges again.
 */
public final class Acks {

    private record Entry(RolloutKey rollout, Ack ack) {}

    private final Map<String, Entry> byPod = new ConcurrentHashMap<>();

    /** Keeps the newest epoch; an answer to an older one that comes late counts for nothing. */
    public void record(RolloutKey rollout, String podUid, Ack ack) {
        byPod.merge(
                podUid,
                new Entry(rollout, ack),
                (old, fresh) ->
                        old.ack().epoch() > fresh.ack().epoch() && old.rollout().equals(rollout) ? old : fresh);
    }

    public Optional<Ack> of(String podUid) {
        return Optional.ofNullable(byPod.get(podUid)).map(Entry::ack);
    }

    /** Forgets the pods of a rollout that are gone. */
    void retain(RolloutKey rollout, Set<String> podUids) {
        byPod.entrySet()
                .removeIf(entry -> entry.getValue().rollout().equals(rollout) && !podUids.contains(entry.getKey()));
    }
}
