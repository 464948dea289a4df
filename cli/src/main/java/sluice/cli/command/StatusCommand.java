package sluice.cli.command;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.rollout.HoldReason;
import sluice.operator.rollout.Phase;

/** How a rollout is, and for scripts how it ends. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Prints how a rollout is.",
            "With --wait it ends with 0 when the rollout is promoted, 5 when it went back, 6 when it waits for somebody,"
                    + " 4 when the time is over first."
        })
public final class StatusCommand implements Callable<Integer> {
    private static final Set<String> BACK = Set.of(Phase.ROLLING_BACK.text(), Phase.ROLLED_BACK.text());
    private static final Set<String> FOR_SOMEBODY = Set.of(Phase.PAUSED.text(), Phase.SUSPENDED.text());

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "the rollout")
    String name = "";

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--wait", description = "wait until the rollout is over or waits for somebody")
    boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "2h",
            description = "how long to wait at most; ${DEFAULT-VALUE} when it is not given")
    Duration timeout = Duration.ofHours(2);

    @Override
    public Integer call() {
        try (Rollouts rollouts = Rollouts.open(cluster)) {
            if (!wait) {
                print(rollouts.get(name));
                return ExitCode.DONE;
            }
            RolloutView end =
                    rollouts.await(name, StatusCommand::isOver, timeout).orElseThrow(() -> late(rollouts.get(name)));
            print(end);
            return code(end);
        }
    }

    private static boolean isOver(RolloutView now) {
        return now.upToDate() && code(now) != ExitCode.TIMED_OUT;
    }

    private static int code(RolloutView now) {
        // The phase is then still that of the resource before.
        if (now.isRefused()) {
            return ExitCode.WAITING;
        }
        boolean promoted = now.phase().equals(Phase.PROMOTED.text());
        if (promoted || BACK.contains(now.phase())) {
            // It may be the limiter before that is promoted, or on its way back.
            return now.isSuperseded() ? ExitCode.TIMED_OUT : promoted ? ExitCode.DONE : ExitCode.ROLLED_BACK;
        }
        return FOR_SOMEBODY.contains(now.phase()) || hookHasFailed(now) ? ExitCode.WAITING : ExitCode.TIMED_OUT;
    }

    private static boolean hookHasFailed(RolloutView now) {
        return now.status()
                .map(RateLimitRolloutStatus::lastDecision)
                .filter(last -> HoldReason.HOOK_FAILED.text().equals(last.reason()))
                .isPresent();
    }

    private FailureException late(RolloutView now) {
        return new FailureException(
                ExitCode.TIMED_OUT,
                "%s is still on its way after %d s: %s".formatted(now.key(), timeout.toSeconds(), now.place()));
    }

    private void print(RolloutView now) {
        new StatusPage(now).lines().forEach(spec.commandLine().getOut()::println);
    }
}
