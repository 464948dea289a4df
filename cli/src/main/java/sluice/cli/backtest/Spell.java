package sluice.cli.backtest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sluice.operator.rollout.Finding;
import sluice.operator.rollout.StopLossRule;
import sluice.operator.rollout.Verdict;

/** One rule's present breach, from its first sample on. */
final class Spell {
    private final StopLossRule rule;
    private final Duration interval;
    private Optional<NearMiss> present = Optional.empty();
    private boolean broken;

    Spell(StopLossRule rule, Duration interval) {
        this.rule = rule;
        this.interval = interval;
    }

    /** Looks at a moment's findings; gives the breach when it has ended without having broken the rule. */
    Optional<NearMiss> look(List<Finding> findings, Instant now) {
        List<Finding> own = findings.stream()
                .filter(finding -> finding.signal().equals(rule.signal()))
                .toList();
        Optional<Finding> worst =
                own.stream().filter(finding -> since(finding).isPresent()).findFirst();
        if (worst.isPresent()) {
            present = Optional.of(longer(worst.get(), now));
            broken |= worst.get().verdict() instanceof Verdict.Broken;
            return Optional.empty();
        }
        // What cannot be judged now is not over.
        return own.stream().anyMatch(finding -> finding.verdict() instanceof Verdict.Healthy)
                ? end()
                : Optional.empty();
    }

    private static Optional<Instant> since(Finding finding) {
        return switch (finding.verdict()) {
            case Verdict.Breaching breaching -> Optional.of(breaching.since());
            case Verdict.Broken broken -> Optional.of(broken.breach().firstBreachingSample());
            default -> Optional.empty();
        };
    }

    private NearMiss longer(Finding finding, Instant now) {
        double value = finding.value().orElse(0);
        Instant since =
                present.map(NearMiss::since).orElseGet(() -> since(finding).orElse(now));
        return new NearMiss(
                since,
                finding.signal().text(),
                Math.max(value, present.map(NearMiss::peak).orElse(value)),
                finding.threshold(),
                Duration.between(since, now).plus(interval),
                rule.window());
    }

    /** Gives the breach, if there is one that has not broken the rule, and begins anew. */
    Optional<NearMiss> end() {
        Optional<NearMiss> ended = broken ? Optional.empty() : present;
        present = Optional.empty();
        broken = false;
        return ended;
    }
}
