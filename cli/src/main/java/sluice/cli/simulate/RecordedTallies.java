package sluice.cli.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;
import sluice.operator.rollout.Tally;

/** What the arms have answered: their RequestRate, and of that their ErrorRatio, in every interval that has both. */
final class RecordedTallies {
    private static final List<Scope> ARMS = List.of(Scope.CANDIDATE, Scope.STABLE);

    private final Duration interval;
    private final Instant start;
    private final Map<Scope, Sums> sums = new EnumMap<>(Scope.class);
    private final boolean wanted;

    /** Of series that are aligned already. */
    RecordedTallies(RolloutPlan plan, Recording recording, Instant start) {
        this.interval = plan.stopLoss().interval();
        this.start = start;
        this.wanted = plan.gates().comparison().isPresent();
        if (wanted) {
            ARMS.forEach(arm -> sums(recording, arm).ifPresent(known -> sums.put(arm, known)));
        }
    }

    /** Whether both arms' requests and errors can be counted. */
    static boolean complete(Recording recording) {
        return ARMS.stream()
                .allMatch(arm -> recording.of(Recording.REQUEST_RATE, arm).isPresent()
                        && recording.of(Signal.ERROR_RATIO.text(), arm).isPresent());
    }

    private Optional<Sums> sums(Recording recording, Scope arm) {
        double seconds = interval.toMillis() / 1000.0;
        return recording
                .of(Recording.REQUEST_RATE, arm)
                .flatMap(rates ->
                        recording.of(Signal.ERROR_RATIO.text(), arm).map(ratios -> new Sums(rates, ratios, seconds)));
    }

    /** What counts for the comparison at evaluation {@code at}. */
    Map<Scope, Tally> at(int at, RolloutState state) {
        Map<Scope, Tally> tallies = new EnumMap<>(Scope.class);
        if (wanted && state.progress() instanceof Progress.Exposed exposed) {
            ARMS.forEach(arm -> tallies.put(arm, tally(arm, exposed, at)));
        }
        return tallies;
    }

    private Tally tally(Scope arm, Progress.Exposed exposed, int at) {
        Sums known = sums.get(arm);
        long since = Duration.between(start, exposed.comparedSince(arm)).toMillis();
        return known == null
                ? new Tally.Missing("there is no RequestRate or no ErrorRatio (%s)".formatted(arm.text()))
                : known.between((int) Math.floorDiv(since, interval.toMillis()), at);
    }

    /** Summed up once, so that a long step costs no more than a short one. */
    private static final class Sums {
        private final int first;
        private final double[] responses;
        private final double[] errors;

        Sums(Series rates, Series ratios, double seconds) {
            this.first = Math.max(rates.first(), ratios.first());
            int intervals = Math.max(0, Math.min(rates.last(), ratios.last()) - first + 1);
            this.responses = new double[intervals + 1];
            this.errors = new double[intervals + 1];
            for (int i = 0; i < intervals; i++) {
                Optional<Sample> rate = rates.at(first + i);
                Optional<Sample> ratio = ratios.at(first + i);
                boolean both = rate.isPresent() && ratio.isPresent();
                double answered = both ? Math.max(0, rate.get().value()) * seconds : 0;
                double failed = both ? answered * Math.clamp(ratio.get().value(), 0.0, 1.0) : 0;
                responses[i + 1] = responses[i] + answered;
                errors[i + 1] = errors[i] + failed;
            }
        }

        /** Of the intervals after {@code since} up to {@code at}. */
        Tally between(int since, int at) {
            int from = position(since);
            int to = Math.max(from, position(at));
            double answered = responses[to] - responses[from];
            // Rounding may leave a hair more errors than responses.
            return new Tally.Counted(answered, Math.min(answered, errors[to] - errors[from]));
        }

        private int position(int interval) {
            return Math.clamp((long) interval - first + 1, 0, responses.length - 1);
        }
    }
}
