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
    private static final int LONGEST = 120;
    /** What a request must have in a header may be a secret between a team's own services. */
    private static final Pattern NOT_FOR_CHANNELS = Pattern.compile("\\.headers\\.|\\.header\\.|\\.claim\\.");

    private RollbackEvidence() {}

    /** A few short lines about a state that goes back. */
    static List<String> of(DecisionNote note, RolloutState state, NotificationText text) {
        List<String> lines = new ArrayList<>(List.of(note.message()));
        state.lastRollback()
                .map(Rollback::reason)
                .flatMap(RollbackEvidence::samples)
                .ifPresent(lines::add);
        state.candidate().ifPresent(candidate -> lines.addAll(changes(state.stable(), candidate)));
        lines.addAll(List.of(text.report(), text.look()));
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

    private static List<String> changes(Limiter stable, Limiter candidate) {
        List<String> fields = LimiterDiff.of(stable.text(), candidate.text()).orElse(List.of());
        if (fields.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("Revision %s had changed of %s:".formatted(candidate.revision(), stable.revision()));
        fields.stream().limit(MOST_FIELDS).map(RollbackEvidence::shown).forEach(lines::add);
        if (fields.size() > MOST_FIELDS) {
            lines.add("and %d more".formatted(fields.size() - MOST_FIELDS));
        }
        return lines;
    }

    private static String shown(String field) {
        String name = field.substring(0, field.indexOf(": "));
        String line = "- " + (NOT_FOR_CHANNELS.matcher(name).find() ? name : field);
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
