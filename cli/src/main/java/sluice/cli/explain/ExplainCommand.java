package sluice.cli.explain;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sluice.cli.ExitCode;
import sluice.cli.InvalidInputException;
import sluice.cli.OutputFormat;
import sluice.cli.RolloutFile;
import sluice.cli.RolloutView;
import sluice.cli.cluster.ClusterOptions;
import sluice.cli.cluster.Rollouts;

/** Tells the story of a rollout. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Tells why a rollout is where it is: every decision with its signal, samples, threshold and window,"
                    + " and who asked for it.",
            "With -f it reads what kubectl get -o yaml has printed, and contacts nothing."
        })
public final class ExplainCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the rollout")
    @Nullable
    String name;

    @Option(names = "-f", paramLabel = "FILE", description = "a saved resource instead of the cluster's")
    @Nullable
    Path file;

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text or json")
    OutputFormat output = OutputFormat.TEXT;

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() {
        RolloutView rollout = rollout();
        var out = spec.commandLine().getOut();
        switch (output) {
            case TEXT -> new Story(rollout).lines().forEach(out::println);
            case JSON -> out.println(new Report(rollout).json().toPrettyString());
        }
        return ExitCode.DONE;
    }

    private RolloutView rollout() {
        if (file != null) {
            return RolloutView.of(RolloutFile.rollout(file, Optional.ofNullable(name)));
        }
        if (name == null) {
            throw new InvalidInputException("name the rollout, or a file with -f");
        }
        try (Rollouts rollouts = Rollouts.open(cluster)) {
            return rollouts.get(name);
        }
    }
}
