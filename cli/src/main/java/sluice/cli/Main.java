package sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sluice.cli.simulate.SimulateCommand;

/** {@code kubectl rlr}: what people and scripts do with rollouts. */
@Command(
        name = "kubectl-rlr",
        mixinStandardHelpOptions = true,
        version = "kubectl-rlr 0.1.0",
        description = "Works with RateLimitRollouts.",
        subcommands = SimulateCommand.class)
public final class Main implements Runnable {
    @Spec
    CommandSpec spec;

    private Main(CommandSpec spec) {
        this.spec = spec;
    }

    /** Made by picocli, which sets what it is called with. */
    public Main() {
        this(CommandSpec.create());
    }

    /** Ends with 0 when done, 1 when it could not be done, 2 for what was typed wrong. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((problem, line, parsed) -> {
            line.getErr().println("kubectl-rlr: " + problem.getMessage());
            return problem instanceof InvalidInputException
                    ? CommandLine.ExitCode.USAGE
                    : CommandLine.ExitCode.SOFTWARE;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
