package sluice.cli.backtest;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.ExitCode;
import sluice.cli.FailureException;
import sluice.cli.InvalidInputException;
import sluice.cli.OutputFormat;
import sluice.cli.RolloutFile;
import sluice.cli.ScrapeOptions;
import sluice.operator.prometheus.PrometheusHistory;
import sluice.operator.prometheus.PrometheusProvider;
import sluice.operator.rollout.Progress;
import sluice.operator.rollout.RolloutPlan;
import sluice.operator.rollout.RolloutState;
import sluice.operator.rollout.Signals;

/** What a rollout's rules would have done over real history. */
@Command(
        name = "backtest",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the operator's decisions over what a Prometheus has of the rollout's sidecars: rollbacks that would have"
                    + " been, near misses, and how much each signal varies.",
            "One imaginary rollout begins when the one before has ended; its candidate shows what the whole service showed."
                    + " Gates and approvals are passed over."
        })
public final class BacktestCommand implements Callable<Integer> {
    private static final long MOST_MOMENTS = 500_000;

    @Spec
    CommandSpec spec;

    @Option(names = "-f", paramLabel = "FILE", required = true, description = "the RateLimitRollout, as one applies it")
    Path rollout = Path.of("");

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "the rollout's namespace, where the file names none")
    @Nullable
    String namespace;

    @Option(names = "--prometheus", paramLabel = "URL", required = true, description = ScrapeOptions.PROMETHEUS)
    URI prometheus = URI.create("");

    @Option(
            names = "--from",
            paramLabel = "TIME",
            defaultValue = "-24h",
            description =
                    "where to begin: 2026-01-31T12:00:00Z, or a time before now; ${DEFAULT-VALUE} when it is not given")
    String from = "-24h";

    @Option(
            names = "--to",
            paramLabel = "TIME",
            defaultValue = "now",
            description = "where to end; now when it is not given")
    String to = "now";

    @Mixin
    ScrapeOptions scrapes = new ScrapeOptions();

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text or json")
    OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() {
        JsonNode resource = RolloutFile.rollout(rollout, Optional.empty());
        RolloutPlan plan = RolloutFile.newPlan(rollout.toString(), resource);
        Instant now = Instant.now();
        Instant begin = moment("--from", from, now);
        Instant end = moment("--to", to, now);
        requireRange(begin, end, plan.stopLoss().interval());
        String name = resource.path("metadata").path("name").asText();
        String in = namespace(resource);
        var out = spec.commandLine().getOut();
        Report report = new Report(in + "/" + name, begin, end, findings(in, name, plan, begin, end));
        switch (output) {
            case TEXT -> report.lines().forEach(out::println);
            case JSON -> out.println(report.json().toPrettyString());
        }
        return ExitCode.DONE;
    }

    private Findings findings(String in, String name, RolloutPlan plan, Instant begin, Instant end) {
        RolloutPlan asIf = AsIf.plan(plan);
        PrometheusProvider provider = scrapes.provider(prometheus);
        try (PrometheusHistory history = new PrometheusHistory(provider, asIf, begin, end)) {
            return new Backtest(asIf, begin, (state, moment) -> read(history, in, name, state, moment)).run(begin, end);
        }
    }

    private static Signals read(PrometheusHistory history, String in, String name, RolloutState state, Instant moment) {
        boolean baseline = state.progress() instanceof Progress.Observing;
        Signals seen = history.at(AsIf.query(in, name, baseline), moment);
        history.failure().ifPresent(why -> {
            throw new FailureException(ExitCode.FAILED, "--prometheus: " + why + "; nothing can be said");
        });
        return AsIf.signals(seen);
    }

    private String namespace(JsonNode resource) {
        String in =
                namespace == null ? resource.path("metadata").path("namespace").asText() : namespace;
        if (in.isEmpty()) {
            throw new InvalidInputException("--namespace: the file names none; name it here");
        }
        return in;
    }

    private static Instant moment(String option, String text, Instant now) {
        try {
            return Moment.parse(text, now);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(option + ": " + e.getMessage());
        }
    }

    private static void requireRange(Instant begin, Instant end, Duration interval) {
        if (!begin.isBefore(end)) {
            throw new InvalidInputException("--from: must be before --to, but " + begin + " is not before " + end);
        }
        long moments = Duration.between(begin, end).dividedBy(interval);
        if (moments > MOST_MOMENTS) {
            throw new InvalidInputException(
                    "--from: to --to there are %d intervals of spec.stopLoss.interval; take at most %d"
                            .formatted(moments, MOST_MOMENTS));
        }
    }
}
