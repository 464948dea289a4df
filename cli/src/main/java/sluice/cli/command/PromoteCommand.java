package sluice.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sluice.operator.rollout.Verb;

/** Leaves the present step. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        description = "Approves the present step, or ends its hold. Gates and the stop-loss still count.")
public final class PromoteCommand implements Callable<Integer> {
    @Mixin
    Telling telling = new Telling();

    @Option(
            names = "--full",
            description = "go on to the last step at once, past gates and approvals; it bakes as always")
    boolean full;

    @Override
    public Integer call() {
        return telling.tell(full ? Verb.PROMOTE_FULL : Verb.PROMOTE);
    }
}
