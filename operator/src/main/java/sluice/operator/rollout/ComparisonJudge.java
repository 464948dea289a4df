package sluice.operator.rollout;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;

/** Looks whether the candidate is shown to be not worse than the stable arm. What cannot be counted is not shown. */
final class ComparisonJudge {
    /** Nobody waits for more than this many times what has been seen. */
    private static final double MOST = 1 << 30;

    private static final int HALVINGS = 20;

    private record Arms(Tally candidate, Tally stable) {}

    private final Optional<Comparison> comparison;
    private final RolloutState state;
    private final Signals signals;

    ComparisonJudge(RolloutPlan plan, RolloutState state, Signals signals) {
        this.comparison = plan.gates().comparison();
        this.state = state;
        this.signals = signals;
    }

    /** Why the step may not be left; empty when it may, or when nobody asked for a comparison. */
    Optional<Decision.Hold> hold() {
        return comparison.flatMap(this::hold);
    }

    private Optional<Decision.Hold> hold(Comparison wanted) {
        return switch (new Arms(signals.tally(Scope.CANDIDATE), signals.tally(Scope.STABLE))) {
            case Arms(Tally.Missing(String why), Tally stable) -> uncounted(Scope.CANDIDATE, why);
            case Arms(Tally candidate, Tally.Missing(String why)) -> uncounted(Scope.STABLE, why);
            case Arms(Tally.Counted candidate, Tally.Counted stable) -> compared(wanted, candidate, stable);
        };
    }

    private static Optional<Decision.Hold> uncounted(Scope scope, String why) {
        return Optional.of(
                Evidence.hold(HoldReason.NOT_SHOWN_YET, "errors (" + scope.text() + ") cannot be counted: " + why));
    }

    private Optional<Decision.Hold> compared(Comparison wanted, Tally.Counted candidate, Tally.Counted stable) {
        String figures = figures(candidate, stable);
        return switch (wanted.shown(candidate, stable)) {
            case NOT_WORSE -> Optional.empty();
            case WORSE ->
                Optional.of(
                        Evidence.hold(HoldReason.SHOWN_WORSE, figures + ": shown to be more than " + words(wanted)));
            case NOTHING -> Optional.of(undecided(wanted, figures, candidate, stable));
        };
    }

    private Decision.Hold undecided(Comparison wanted, String figures, Tally.Counted candidate, Tally.Counted stable) {
        OptionalDouble factor = enough(wanted, candidate, stable);
        // Only when the candidate is known as well as what it is compared with: one early error must not end it.
        boolean never = stableIsGone() && candidate.responses() >= stable.responses() && factor.isEmpty();
        return never
                ? Evidence.hold(
                        HoldReason.CANNOT_BE_SHOWN,
                        figures + ": more requests will not show it to be less than " + words(wanted)
                                + ", for at weight 100 the stable arm gets none; remove spec.comparison to go on without it"
                                + " (a longer spec.strategy.observe, or a step below 100, would count more of the stable arm)")
                : Evidence.hold(
                        HoldReason.NOT_SHOWN_YET,
                        figures + ": not yet shown to be less than " + words(wanted)
                                + outlook(factor, candidate, stable));
    }

    private String figures(Tally.Counted candidate, Tally.Counted stable) {
        return "candidate errors %.0f of %.0f, stable%s %.0f of %.0f"
                .formatted(
                        candidate.errors(),
                        candidate.responses(),
                        stableIsGone() ? " before" : "",
                        stable.errors(),
                        stable.responses());
    }

    private static String words(Comparison wanted) {
        BigDecimal percent = BigDecimal.valueOf(wanted.confidence()).movePointRight(2);
        return "%s worse at %s%% confidence"
                .formatted(
                        BigDecimal.valueOf(wanted.margin()).toPlainString(),
                        percent.stripTrailingZeros().toPlainString());
    }

    private boolean stableIsGone() {
        return state.weight() == 100;
    }

    /** What it takes if requests go on failing as they did. */
    private static String outlook(OptionalDouble factor, Tally.Counted candidate, Tally.Counted stable) {
        if (candidate.responses() == 0 || stable.responses() == 0) {
            return "";
        }
        return factor.isPresent()
                ? "; about %.0f candidate requests would be enough at these ratios"
                        .formatted(Math.ceil(candidate.responses() * factor.getAsDouble()))
                : "; more requests at these ratios will not show it";
    }

    private OptionalDouble enough(Comparison wanted, Tally.Counted candidate, Tally.Counted stable) {
        double high = 1;
        while (!isEnough(high, wanted, candidate, stable)) {
            high *= 2;
            if (high > MOST) {
                return OptionalDouble.empty();
            }
        }
        double low = high / 2;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (isEnough(middle, wanted, candidate, stable)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return OptionalDouble.of(high);
    }

    // Where the stable arm has no requests any more, only the candidate's grow in number.
    private boolean isEnough(double factor, Comparison wanted, Tally.Counted candidate, Tally.Counted stable) {
        Tally.Counted then = stableIsGone() ? stable : stable.times(factor);
        return wanted.shown(candidate.times(factor), then) == Comparison.Shown.NOT_WORSE;
    }
}
