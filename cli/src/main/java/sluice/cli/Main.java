package sluice.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import sluice.cli.backtest.BacktestCommand;
import sluice.cli.check.CheckCommand;
import sluice.cli.command.PromoteCommand;
import sluice.cli.command.SnapshotCommand;
import sluice.cli.command.StatusCommand;
import sluice.cli.command.VerbCommand;
import sluice.cli.explain.ExplainCommand;
import sluice.cli.readiness.ReadinessCommand;
import sluice.cli.report.ReportCommand;
import sluice.cli.simulate.SimulateCommand;
import sluice.operator.api.v1alpha1.KubernetesDuration;
import sluice.operator.rollout.Verb;

/** {@code kubectl rlr}: what people and scripts do with rollouts. */
@Command(
        name = "kubectl-rlr",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Works with RateLimitRollouts.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it could not be done",
            "2:something was typed wrong, or a file is",
            "3:the operator has answered, and has not done it",
            "4:the time was over first",
            "5:status --wait: the rollout went back",
            "6:status --wait: the rollout waits for somebody"
        })
public final class Main implements Runnable {
    /** Those with options of their own, in the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            StatusCommand.class,
            ExplainCommand.class,
            SnapshotCommand.class,
            PromoteCommand.class,
            CheckCommand.class,
            SimulateCommand.class,
            BacktestCommand.class,
            ReportCommand.class,
            ReadinessCommand.class);

    @Spec
    CommandSpec spec;

    /** Ends with one of {@link ExitCode}. */
    public static void main(String[] args) {
        // The same digits for everybody, whatever the language of the machine.
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine(args).execute(args));
    }

    /** Knows what is typed: the one command alone, for picocli takes longer to look at them all than most of them take to run. */
    static CommandLine commandLine(String... typed) {
        CommandLine line = new CommandLine(new Main());
        add(line, name -> typed.length > 0 && name.equals(typed[0]));
        if (line.getSubcommands().isEmpty()) {
            add(line, _ -> true);
        }
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Main::duration)
                .setExecutionExceptionHandler((problem, sub, parsed) -> report(problem, sub.getErr()));
    }

    private static void add(CommandLine line, Predicate<String> wanted) {
        for (Class<?> command : COMMANDS) {
            String name = requireNonNull(command.getAnnotation(Command.class), "every command has it")
                    .name();
            if (wanted.test(name)) {
                line.addSubcommand(name, command);
            }
        }
        for (Verb verb : Verb.values()) {
            if (verb != Verb.PROMOTE && wanted.test(verb.text())) {
                line.addSubcommand(verb.text(), VerbCommand.of(verb));
            }
        }
    }

    private static Duration duration(String text) {
        try {
            return KubernetesDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static int report(Exception problem, PrintWriter err) {
        return switch (problem) {
            case InvalidInputException input -> {
                err.println("kubectl-rlr: " + input.getMessage());
                yield ExitCode.USAGE;
            }
            case FailureException failure -> {
                err.println("kubectl-rlr: " + failure.getMessage());
                yield failure.exitCode();
            }
            default -> {
                err.println("kubectl-rlr: " + problem);
                yield ExitCode.FAILED;
            }
        };
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
