package sluice.observability;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import sluice.observability.dashboard.Choices;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.picture.Pictures;

/** Draws every dashboard from what a Prometheus has. Ends with 0, or 1 when Prometheus cannot be asked, 2 for wrong arguments. */
@Command(
        name = "draw-dashboards",
        mixinStandardHelpOptions = true,
        description = "Draws every dashboard as an SVG from what a Prometheus has, and keeps the samples beside them.")
public final class DrawDashboards implements Callable<Integer> {

    private static final Duration SHORTEST = Duration.ofMinutes(1);

    /** Where beside the pictures that is from which they are drawn. */
    private static final String SAMPLES = "samples";

    @Option(names = "--prometheus", required = true, description = "Its address, such as http://127.0.0.1:9090.")
    private URI prometheus = URI.create("");

    @Option(names = "--out", required = true, description = "Where the pictures go; the folder is made.")
    private Path out = Path.of("");

    @Option(names = "--range", defaultValue = "PT1H", description = "How much to show, as PT1H or PT24H.")
    private Duration range = SHORTEST;

    @Option(names = "--to", description = "The end of it, as 2026-01-01T12:00:00Z. Now, if absent.")
    private @Nullable Instant to;

    @Option(names = "--namespace", description = "Rollouts of these namespaces, a regular expression. All, if absent.")
    private @Nullable String namespace;

    @Option(names = "--rollout", description = "Rollouts of these names, a regular expression. All, if absent.")
    private @Nullable String rollout;

    @Option(
            names = "--rate-window",
            defaultValue = "PT1M",
            description = "Over how long rates are taken: four times the interval of the scrape.")
    private Duration rateWindow = SHORTEST;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new DrawDashboards()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        var commandLine = spec.commandLine();
        if (range.compareTo(SHORTEST) < 0) {
            throw new ParameterException(commandLine, "--range must be at least PT1M");
        }
        return draw(prometheus, out, commandLine.getOut());
    }

    private int draw(URI from, Path into, PrintWriter say) throws IOException {
        var kept = Files.createDirectories(into.resolve(SAMPLES));
        var until = Optional.ofNullable(to).orElseGet(Instant::now);
        try (var pictures = new Pictures(from, new Choices(chosen(), rateWindow), until, range)) {
            for (var dashboard : Dashboards.all()) {
                var samples = pictures.samples(dashboard);
                Files.writeString(kept.resolve(dashboard.fileName()), samples);
                var drawn = Pictures.drawn(dashboard, samples);
                var file = Files.writeString(into.resolve(dashboard.uid() + ".svg"), drawn.svg());
                say.println(file);
                drawn.silent().forEach(query -> say.println("no data: " + dashboard.uid() + ": " + query));
            }
        }
        return 0;
    }

    private Map<String, String> chosen() {
        var chosen = new HashMap<String, String>();
        if (namespace != null) {
            chosen.put("namespace", namespace);
        }
        if (rollout != null) {
            chosen.put("rollout", rollout);
        }
        return chosen;
    }
}
