package sluice.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.ExitCode;
import sluice.cli.InvalidInputException;
import sluice.cli.RolloutFile;
import sluice.cli.cluster.ClusterOptions;
import sluice.cli.cluster.Rollouts;

/** Checks a resource before it is applied. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the RateLimitRollouts in a file by the schema and the rules of this version, as an API server does.",
            "With --server the API server checks them too, by the version that is installed there and its admission policies; nothing is stored."
        })
public final class CheckCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "-f", paramLabel = "FILE", required = true, description = "the resource, as one applies it")
    Path file = Path.of("");

    @Option(names = "--server", description = "ask the API server too, without storing anything")
    boolean server;

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() {
        var rollouts = RolloutFile.rollouts(file);
        for (JsonNode rollout : rollouts) {
            String name = rollout.path("metadata").path("name").asText();
            RolloutFile.newPlan(file + ": " + name, rollout);
            if (server) {
                ask(file + ": " + name, rollout);
            }
            spec.commandLine()
                    .getOut()
                    .println("%s: %s is fine%s".formatted(file, name, server ? ", says the API server" : ""));
        }
        return ExitCode.DONE;
    }

    private void ask(String where, JsonNode rollout) {
        try (Rollouts rollouts = Rollouts.open(cluster)) {
            rollouts.dryRun(rollout);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(where + ": " + e.getMessage());
        }
    }
}
