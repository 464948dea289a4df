package sluice.operator.control;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The last acknowledgement of each pod. In memory only: whoever reconnects after a change of leader acknowledges again.
 */
public final class Acks {

    private record Entry(RolloutKey rollout, Ack ack) {}

    private final Map<String, Entry> byPod = new ConcurrentHashMap<>();

    /**
     * Keeps the newest epoch; an answer to an older one that comes late counts for nothing, and one that is given again is as old as it was.
     *
     * @return whether it says anything new
     */
    public boolean record(RolloutKey rollout, String podUid, Ack ack) {
        var fresh = new Entry(rollout, ack);
        for (var old = byPod.putIfAbsent(podUid, fresh); old != null; old = byPod.putIfAbsent(podUid, fresh)) {
            if (!isNews(old, fresh)) {
                return false;
            }
            if (byPod.replace(podUid, old, fresh)) {
                return true;
            }
        }
        return true;
    }

    private static boolean isNews(Entry old, Entry fresh) {
        return !old.rollout().equals(fresh.rollout())
                || fresh.ack().epoch() > old.ack().epoch()
                || (fresh.ack().epoch() == old.ack().epoch() && !fresh.ack().saysTheSameAs(old.ack()));
    }

    public Optional<Ack> of(String podUid) {
        return Optional.ofNullable(byPod.get(podUid)).map(Entry::ack);
    }

    /** Forgets the pods of a rollout that are not there any more. */
    void retain(RolloutKey rollout, Predicate<String> podIsThere) {
        byPod.entrySet()
                .removeIf(entry -> entry.getValue().rollout().equals(rollout) && !podIsThere.test(entry.getKey()));
    }
}
