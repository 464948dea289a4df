package sluice.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import sluice.cli.FailureException;
import sluice.cli.OutputFormat;
import sluice.cli.RolloutFile;
import sluice.cli.RolloutView;
import sluice.cli.ScrapeOptions;
import sluice.cli.cluster.ClusterOptions;
import sluice.cli.cluster.Rollouts;
import sluice.operator.api.v1alpha1.MarginStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SnapshotStatus;
import sluice.operator.prometheus.PrometheusSignalReader;
import sluice.operator.reconcile.SnapshotRecord;
import sluice.operator.reconcile.SnapshotText;
import sluice.operator.rollout.Figures;
import sluice.operator.rollout.Reading;
import sluice.operator.rollout.RolloutPlan;

/** The figures of a rollout, as a snapshot of the operator's has them. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = {
            "Prints how a rollout and its service are, as the operator's snapshots say it: with --prometheus now,"
                    + " without it when the operator made its last one.",
            "-o json has what status.snapshots keeps."
        })
public final class SnapshotCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "the rollout")
    String name = "";

    @Option(names = "--prometheus", paramLabel = "URL", description = ScrapeOptions.PROMETHEUS)
    @Nullable
    URI prometheus;

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text or json")
    OutputFormat output = OutputFormat.TEXT;

    @Mixin
    ScrapeOptions scrapes = new ScrapeOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() {
        try (Rollouts rollouts = Rollouts.open(cluster)) {
            JsonNode resource = rollouts.resource(name);
            RolloutView rollout = RolloutView.of(resource);
            SnapshotStatus snapshot = prometheus == null ? kept(rollout) : taken(rollout, resource, prometheus);
            var out = spec.commandLine().getOut();
            switch (output) {
                case TEXT -> lines(rollout, snapshot).forEach(out::println);
                case JSON -> out.println(JSON.valueToTree(snapshot).toPrettyString());
            }
            return ExitCode.DONE;
        }
    }

    private static SnapshotStatus kept(RolloutView rollout) {
        return rollout.status().map(RateLimitRolloutStatus::snapshots).orElse(List.of()).stream()
                .findFirst()
                .orElseThrow(
                        () -> new FailureException(
                                ExitCode.FAILED,
                                rollout.key()
                                        + " keeps no snapshot; name a Prometheus with --prometheus, or have some made by spec.notifications.snapshots"));
    }

    private SnapshotStatus taken(RolloutView rollout, JsonNode resource, URI from) {
        RateLimitRolloutStatus status = rollout.status()
                .orElseThrow(
                        () -> new FailureException(ExitCode.FAILED, rollout.key() + ": no operator has seen it yet"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return SnapshotRecord.of(status, figures(rollout, RolloutFile.plan(rollout.key(), resource), from, now), now);
    }

    private Figures figures(RolloutView rollout, RolloutPlan plan, URI from, Instant now) {
        var provider = Map.of(plan.stopLoss().provider(), scrapes.provider(from));
        try (PrometheusSignalReader reader = new PrometheusSignalReader(provider)) {
            Figures figures = reader.figures(rollout.namespace(), rollout.name(), plan, now);
            if (figures.requests() instanceof Reading.Missing(String why, var _)) {
                throw new FailureException(ExitCode.FAILED, "--prometheus: " + why);
            }
            return figures;
        }
    }

    private static List<String> lines(RolloutView rollout, SnapshotStatus snapshot) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s: %s at weight %s, %s".formatted(rollout.key(), snapshot.phase(), snapshot.weight(), snapshot.at()));
        lines.add(SnapshotText.service(snapshot));
        Optional.ofNullable(snapshot.margins()).orElse(List.of()).forEach(margin -> lines.add(line(margin)));
        return lines;
    }

    private static String line(MarginStatus margin) {
        return "%s (%s) %s of %s%s"
                .formatted(
                        margin.signal(),
                        margin.scope(),
                        margin.value() == null ? "?" : margin.value(),
                        margin.threshold(),
                        margin.left() == null ? "" : ", " + margin.left() + " left");
    }
}
