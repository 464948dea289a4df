package sluice.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.e2e.cluster.ApiServer;
import sluice.e2e.cluster.Environment;
import sluice.e2e.cluster.Scripts;
import sluice.e2e.load.Load;
import sluice.e2e.load.LoadResults;
import sluice.e2e.measure.DemoResult;
import sluice.e2e.measure.Report;
import sluice.e2e.measure.Verdicts;
import sluice.e2e.rollout.Manifest;
import sluice.e2e.rollout.StoryBrokenException;
import sluice.e2e.story.Narrator;
import sluice.e2e.story.Stage;

/** Plays the demonstration on a cluster that has everything installed, as {@code ./demo} leaves it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Rolls a limiter out under load, breaks four more on purpose, takes Redis away, and counts.")
public final class Demo implements Callable<Integer> {
    @Option(names = "--result", paramLabel = "FILE", description = "write what was measured as JSON")
    @Nullable
    Path result;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests per second (default: ${DEFAULT-VALUE})",
            defaultValue = "80")
    int rate;

    private final Narrator narrator = Narrator.called("");

    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo()).execute(args));
    }

    @Override
    public Integer call() {
        var environment = Environment.ofThisProcess();
        var scripts = Scripts.ofThisRepository();
        try (KubernetesClient client = ApiServer.client();
                var stage = new Stage(client, scripts, "apps", narrator)) {
            narrator.say("%d requests a second by 2,000 users, %.0f%% of all being logins and signups, through the WAF"
                    .formatted(rate, 100 * Load.SIGN_INS));
            var load = Load.start(
                    scripts,
                    freshFolder(environment.state()),
                    rate,
                    "--invalid",
                    "0.0005",
                    "--signins",
                    Double.toString(Load.SIGN_INS));
            var story = new DemoStory(stage, Manifest.ofDemo().withSnapshots(), environment.waf());
            boolean told = tell(story);
            var measured = story.result(stop(load));
            return report(measured) && told ? 0 : 1;
        }
    }

    private boolean tell(DemoStory story) {
        try {
            story.play();
            return true;
        } catch (StoryBrokenException e) {
            narrator.say("the story ends here: " + e.getMessage());
            return false;
        }
    }

    private LoadResults stop(Load load) {
        narrator.say("the load ends; counting");
        return load.stop();
    }

    private boolean report(DemoResult measured) {
        System.out.println();
        System.out.println(Report.of(measured));
        if (result != null) {
            measured.writeTo(result);
            System.out.println("Written to " + result);
        }
        List<String> broken = Verdicts.broken(measured);
        broken.forEach(promise -> System.out.println("NOT AS PROMISED: " + promise));
        return broken.isEmpty();
    }

    private static Path freshFolder(Path state) {
        try {
            return Files.createTempDirectory(state, "load-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
