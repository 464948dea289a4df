package sluice.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sluice.operator.rollout.Verb;

/** A verb that needs no options of its own. */
@Command(mixinStandardHelpOptions = true)
public final class VerbCommand implements Callable<Integer> {
    @Mixin
    Telling telling = new Telling();

    private final Verb verb;

    private VerbCommand(Verb verb) {
        this.verb = verb;
    }

    /** The verb as a command. */
    public static CommandLine of(Verb verb) {
        CommandLine line = new CommandLine(new VerbCommand(verb));
        line.getCommandSpec().name(verb.text()).usageMessage().description(description(verb));
        return line;
    }

    private static String description(Verb verb) {
        return switch (verb) {
            case PROMOTE -> throw new IllegalArgumentException("promote has options of its own");
            case PROMOTE_FULL -> "Goes on to the last step at once, which bakes as always.";
            case PAUSE -> "Keeps the rollout at its weight; the stop-loss stays armed.";
            case RESUME -> "Goes on after a pause.";
            case ABORT -> "Brings the stable limiter back to everyone, and keeps the candidate from being tried again.";
            case RETRY -> "Tries a candidate again that was rolled back, or runs a hook again that has failed.";
            case SKIP_HOOK -> "Goes on without the hooks that have failed or are waited for.";
            case SKIP_HOLD -> "Ends the present hold or the observation; gates and the stop-loss still count.";
        };
    }

    @Override
    public Integer call() {
        return telling.tell(verb);
    }
}
