package sluice.operator.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sluice.operator.rollout.Breach;
import sluice.operator.rollout.DecisionNote;
import sluice.operator.rollout.Limiter;
import sluice.operator.rollout.Rollback;
import sluice.operator.rollout.RollbackReason;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Sample;
import sluice.operator.rollout.Sentences;

/** What the message of a rollback says: why, the newest samples, what the candidate had changed, and how to see everything. */
final class RollbackEvidence {
    private static final int MOST_SAMPLES = 5;
    private static final int MOST_FIELDS = 6;
    /** In a message that has lines of the log as well. */
    static final int MOST_FIELDS_WITH_LOG = 4;

    private static final int MOST_LOG_LINES = 3;
    private static final int LONGEST = 120;
    /** What a request must have in a header may be a secret between a team's own services. */
    private static final Pattern NOT_FOR_CHANNELS = Pattern.compile("\\.headers\\.|\\.header\\.|\\.claim\\.");

    private RollbackEvidence() {}

    /** A few short lines about a state that goes back. */
    static List<String> of(DecisionNote note, RolloutState state, NotificationText text) {
        List<String> lines = new ArrayList<>(List.of(note.message()));
        state.lastRollback().map(Rollback::revision).map(text::link).ifPresent(lines::add);
        state.lastRollback()
                .map(Rollback::reason)
                .flatMap(RollbackEvidence::samples)
                .ifPresent(lines::add);
        lines.addAll(changes(state, MOST_FIELDS));
        lines.addAll(List.of("Lines of the log follow once every sidecar is back.", text.report(), text.look()));
        return lines;
    }

    private static Optional<String> samples(RollbackReason reason) {
        if (!(reason instanceof RollbackReason.StopLossBroken(Breach breach))
                || breach.samples().isEmpty()) {
            return Optional.empty();
        }
        List<Sample> all = breach.samples();
        return Optional.of(all.subList(Math.max(0, all.size() - MOST_SAMPLES), all.size()).stream()
                .map(sample -> Sentences.figure(sample.value()))
                .collect(Collectors.joining(" ", "Last samples: ", "")));
    }

    /** What pods' logs said of failures: of each pod some, and not of all the same kind. */
    static List<String> log(List<List<String>> failures) {
        List<String> lines = new ArrayList<>();
        for (int round = 0; round < MOST_LOG_LINES; round++) {
            for (int pod = 0; pod < failures.size() && lines.size() < MOST_LOG_LINES; pod++) {
                List<String> told = failures.get(pod);
                if (round < told.size()) {
                    lines.add("- " + told.get((round + pod) % told.size()));
                }
            }
        }
        lines.addFirst(
                lines.isEmpty()
                        ? "Of failures in the log: no sidecar had sent a line."
                        : "From the log, of the last failures:");
        return lines;
    }

    /** The first fields in which the candidate differs from the limiter that comes back. */
    static List<String> changes(RolloutState state, int most) {
        return state.candidate()
                .map(candidate -> changes(state.stable(), candidate, most))
                .orElse(List.of());
    }

    private static List<String> changes(Limiter stable, Limiter candidate, int most) {
        List<String> fields = LimiterDiff.of(stable.text(), candidate.text()).orElse(List.of());
        if (fields.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("Revision %s had changed of %s:".formatted(candidate.revision(), stable.revision()));
        fields.stream().limit(most).map(RollbackEvidence::shown).forEach(lines::add);
        if (fields.size() > most) {
            lines.add("and %d more".formatted(fields.size() - most));
        }
        return lines;
    }

    private static String shown(String field) {
        String name = field.substring(0, field.indexOf(": "));
        String line = "- " + (NOT_FOR_CHANNELS.matcher(name).find() ? name : field);
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
