package sluice.cli.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.cli.ExitCode;
import sluice.cli.FailureException;
import sluice.cli.RolloutView;
import sluice.cli.cluster.ClusterOptions;
import sluice.cli.cluster.Rollouts;
import sluice.operator.api.v1alpha1.CommandStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.Verb;

/** What all verbs share: the annotation is set for the revision that is on its way, and the operator's answer waited for. */
final class Telling {
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_NAME = 40;
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "the rollout")
    String name = "";

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--no-wait", description = "do not wait for the operator's answer")
    boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "how long to wait for the answer; two of the rollout's intervals and 30s when it is not given")
    @Nullable
    Duration timeout;

    /** Tells the operator; ends with one of {@link ExitCode}. */
    int tell(Verb verb) {
        try (Rollouts rollouts = Rollouts.open(cluster)) {
            RolloutView before = rollouts.get(name);
            String revision = before.commanded()
                    .orElseThrow(() -> new FailureException(
                            ExitCode.FAILED,
                            before.key() + ": no operator has seen it yet; there is nothing to " + verb.text()));
            String text = "%s@%s/%s"
                    .formatted(verb.text(), revision, nonce(Clock.systemUTC().instant()));
            rollouts.command(name, text);
            if (noWait) {
                say("%s: told to %s (%s)".formatted(before.key(), verb.text(), text));
                return ExitCode.DONE;
            }
            Duration patience =
                    timeout == null ? before.interval().multipliedBy(2).plus(LEAST_PATIENCE) : timeout;
            return rollouts.await(name, now -> isOver(now, text), patience)
                    .map(now -> report(now, verb, text))
                    .orElseThrow(() -> unanswered(rollouts.get(name), text, patience));
        }
    }

    /** Who and when: status keeps it, so that others see whose command it was. It is what this machine says, and no proof. */
    private static String nonce(Instant now) {
        String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "");
        String who = user.isEmpty() ? "somebody" : user.substring(0, Math.min(user.length(), LONGEST_NAME));
        return who + "-" + MOMENT.format(now);
    }

    private static boolean isOver(RolloutView now, String text) {
        return answer(now, text).isPresent() || isReplaced(now, text);
    }

    private static boolean isReplaced(RolloutView now, String text) {
        return now.command().filter(text::equals).isEmpty();
    }

    private static Optional<CommandStatus> answer(RolloutView now, String text) {
        return now.status().map(RateLimitRolloutStatus::lastCommand).filter(note -> text.equals(note.text()));
    }

    private int report(RolloutView now, Verb verb, String text) {
        CommandStatus answer = answer(now, text)
                .orElseThrow(() -> new FailureException(
                        ExitCode.IGNORED,
                        "%s: %s was not seen, because of a later command: %s"
                                .formatted(now.key(), text, now.command().orElse("the annotation is gone"))));
        say("%s: %s: %s, %s".formatted(now.key(), verb.text(), answer.outcome(), answer.message()));
        say(now.place());
        return "Done".equals(answer.outcome()) ? ExitCode.DONE : ExitCode.IGNORED;
    }

    private static FailureException unanswered(RolloutView now, String text, Duration patience) {
        String seen = now.status()
                .map(RateLimitRolloutStatus::timers)
                .map(timers -> "; it last evaluated the rollout at " + timers.evaluatedAt())
                .orElse("");
        return new FailureException(
                ExitCode.TIMED_OUT,
                "%s: the operator has not answered %s within %d s%s"
                        .formatted(now.key(), text, patience.toSeconds(), seen));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
