package sluice.cli.simulate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.RolloutFile;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.Scope;
import sluice.operator.rollout.Signal;

/** What a rollout would have done over samples that were recorded, or invented. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the operator's decisions over samples in a file, and prints a JSON line for each change and for the outcome.",
            "The rollout starts at second 0, with sidecars in sync; earlier samples form the baseline. Nothing is contacted.",
            "For spec.comparison requests and errors are counted from RequestRate and ErrorRatio of the arms candidate and stable."
        })
public final class SimulateCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "-f", paramLabel = "FILE", required = true, description = "the RateLimitRollout, as one applies it")
    Path rollout = Path.of("");

    @Option(
            names = "--samples",
            paramLabel = "FILE",
            required = true,
            description =
                    "CSV: seconds,signal,arm,value; signal may be a Query's name; arm is candidate, stable or service; no value means no sample")
    Path samples = Path.of("");

    @Option(
            names = "--commands",
            paramLabel = "FILE",
            description = "CSV: seconds,verb; promote, promote-full, pause, resume, abort, retry or skip-hold")
    @Nullable
    Path commands;

    @Override
    public Integer call() {
        // Meanwhile, because each of the two takes a good part of a second.
        CompletableFuture<Recording> reading = CompletableFuture.supplyAsync(() -> Recording.read(samples));
        RolloutPlan plan = RolloutFile.newPlan(rollout.toString(), RolloutFile.rollout(rollout, Optional.empty()));
        Recording recording = read(reading).of(signals(plan));
        List<TimedCommand> typed = commands == null ? List.of() : TimedCommand.read(commands);
        warn(plan, recording);
        PrintWriter out = spec.commandLine().getOut();
        new Simulation(plan, recording, typed, line -> out.append(line).append('\n'), this::remark).run();
        out.flush();
        return 0;
    }

    private static Recording read(CompletableFuture<Recording> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Set<String> signals(RolloutPlan plan) {
        Set<String> names = new HashSet<>(Set.of(Recording.REQUEST_RATE));
        Signal.builtIn().forEach(signal -> names.add(signal.text()));
        plan.queries().forEach(query -> names.add(query.name()));
        return names;
    }

    private void remark(String text) {
        spec.commandLine().getErr().println(text);
    }

    private void warn(RolloutPlan plan, Recording recording) {
        PrintWriter err = spec.commandLine().getErr();
        if (recording.lastMillis() < 0) {
            err.println("no sample at second 0 or later: nothing is evaluated");
        }
        if (plan.gates().minimumRequests() > 0
                && recording.of(Recording.REQUEST_RATE, Scope.CANDIDATE).isEmpty()) {
            err.println("no RequestRate of the candidate in the samples: spec.minimumRequests counts as reached");
        }
        if (plan.gates().comparison().isPresent() && !RecordedTallies.complete(recording)) {
            err.println("not RequestRate and ErrorRatio of both arms in the samples:"
                    + " spec.comparison lets no step be left");
        }
    }
}
