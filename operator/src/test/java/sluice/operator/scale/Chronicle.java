package sluice.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sluice.limiter.control.StreamedSidecar;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** Everything that was committed of one rollout and everything that its sidecars were told, whoever led meanwhile. */
final class Chronicle {

    /** The weights of the steps, and nobody before the first. */
    static final List<Integer> WEIGHTS = List.of(0, 10, 50, 100);

    /**
     * A status.
     *
     * @param weight what sidecars are to be told, in percent
     * @param candidate the revision that is rolled out or was rolled back; empty without one
     * @param stable the stable limiter's revision
     */
    record Committed(long epoch, String phase, int weight, String candidate, String stable) {

        static Optional<Committed> of(@Nullable RateLimitRolloutStatus status) {
            if (status == null) {
                return Optional.empty();
            }
            var epoch = status.epoch();
            var phase = status.phase();
            var weight = status.weight();
            if (epoch == null || phase == null || weight == null) {
                return Optional.empty();
            }
            var told = phase.equals("Promoted") ? 0 : weight;
            return Optional.of(
                    new Committed(epoch, phase, told, revision(status.candidate()), revision(status.stable())));
        }

        private static String revision(@Nullable LimiterStatus limiter) {
            return Optional.ofNullable(limiter).map(LimiterStatus::revision).orElse("");
        }

        boolean isOver() {
            return phase.equals("Promoted") || phase.equals("RolledBack");
        }

        /** What the present attempt is about. */
        String revision() {
            return candidate.isEmpty() ? stable : candidate;
        }
    }

    private record Told(long epoch, int weight) {}

    private final List<Committed> commits = new ArrayList<>();
    private final Set<Told> told = ConcurrentHashMap.newKeySet();

    /** Takes down what the API server has stored; in the order in which it was. */
    synchronized void add(@Nullable RateLimitRolloutStatus status) {
        Committed.of(status).ifPresent(commits::add);
    }

    synchronized Optional<Committed> last() {
        return commits.isEmpty() ? Optional.empty() : Optional.of(commits.getLast());
    }

    StreamedSidecar.Listener sidecar() {
        return new StreamedSidecar.Listener() {
            @Override
            public void config(JsonNode config, Instant at) {
                told.add(new Told(
                        config.path("epoch").asLong(), config.path("weight").asInt()));
            }
        };
    }

    synchronized int size() {
        return commits.size();
    }

    /** No weight without its own epoch, no step skipped, and nothing told that was not committed. */
    synchronized void verify() {
        var weights = new TreeMap<Long, Integer>();
        for (var i = 0; i < commits.size(); i++) {
            var next = commits.get(i);
            assertThat(weights.merge(next.epoch(), next.weight(), (known, _) -> known))
                    .as("the weight of epoch %d, by %s", next.epoch(), next)
                    .isEqualTo(next.weight());
            if (i > 0) {
                verifyStep(commits.get(i - 1), next);
            }
        }
        assertThat(told)
                .isNotEmpty()
                .allSatisfy(config ->
                        assertThat(weights).as("what was committed").containsEntry(config.epoch(), config.weight()));
    }

    private static void verifyStep(Committed before, Committed next) {
        assertThat(next.epoch()).as("the epoch after %s", before).isGreaterThanOrEqualTo(before.epoch());
        if (next.weight() > before.weight()) {
            assertThat(WEIGHTS.indexOf(next.weight()))
                    .as("the step after %s", before)
                    .isEqualTo(WEIGHTS.indexOf(before.weight()) + 1);
        }
    }
}
