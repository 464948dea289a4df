package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sluice.cli.ExitCode;
import sluice.cli.FailureException;
import sluice.cli.InvalidInputException;
import sluice.cli.RolloutFile;
import sluice.cli.ScrapeOptions;
import sluice.cli.cluster.ClusterOptions;
import sluice.cli.cluster.Past;
import sluice.cli.cluster.Rollouts;
import sluice.operator.prometheus.PrometheusProvider;

/** Writes all that is known of a rollout into a folder. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a folder about one rollout, or about every rollout of the namespace: index.html with verdict, decisions and"
                    + " pictures of each signal, and the data behind them.",
            "What cannot be looked at is NOT_RUN in it, with the reason. The same input gives the same bytes."
        })
public final class ReportCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    @Spec
    CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "the folder; a report that is there is replaced")
    Path out = Path.of("");

    @Option(names = "--rollout", paramLabel = "NAME", description = "the rollout; every one when it is not given")
    @Nullable
    String name;

    @Option(names = "-f", paramLabel = "FILE", description = "a saved resource instead of the cluster's")
    @Nullable
    Path file;

    @Option(names = "--prometheus", paramLabel = "URL", description = ScrapeOptions.PROMETHEUS)
    @Nullable
    URI prometheus;

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "sluice-system",
            description = "where the operator runs; ${DEFAULT-VALUE} when it is not given")
    String operatorNamespace = "sluice-system";

    @Option(
            names = "--complete",
            description = "end with 1 when something is NOT_RUN; the folder is written all the same")
    boolean complete;

    @Mixin
    ScrapeOptions scrapes = new ScrapeOptions();

    @Mixin
    ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() {
        OwnFolder folder = new OwnFolder(out);
        Optional<PrometheusProvider> provider = Optional.ofNullable(prometheus).map(scrapes::provider);
        if (file != null) {
            List<JsonNode> read =
                    name == null ? RolloutFile.rollouts(file) : List.of(RolloutFile.rollout(file, Optional.of(name)));
            return write(
                    folder,
                    read,
                    new Sources(
                            provider,
                            Optional.empty(),
                            _ -> Past.unknown("the resource was read from a file, not from a cluster"),
                            operatorNamespace));
        }
        try (Rollouts rollouts = Rollouts.open(cluster)) {
            List<JsonNode> read = name == null ? rollouts.resources() : List.of(rollouts.resource(name));
            if (read.isEmpty()) {
                throw new FailureException(
                        ExitCode.FAILED,
                        "there is no RateLimitRollout in namespace '%s'".formatted(rollouts.namespace()));
            }
            return write(
                    folder,
                    read,
                    new Sources(provider, Optional.of(rollouts.podLogs()), rollouts::past, operatorNamespace));
        }
    }

    private int write(OwnFolder folder, List<JsonNode> resources, Sources sources) {
        EvidenceFolder files = new EvidenceFolder();
        List<RolloutReport.Made> made = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode resource : resources) {
            String each = validName(resource, names);
            made.add(new RolloutReport(resource, sources)
                    .add(
                            resources.size() == 1
                                    ? files
                                    : files.folder("rollouts").folder(each)));
        }
        if (made.size() > 1) {
            files.add("index.html", contents(made));
        }
        files.add(OwnFolder.MANIFEST, KeptReport.manifest(files.files(), made));
        folder.write(files.files());
        return tell(made, files.files().size());
    }

    /** It becomes a folder's name. */
    private static String validName(JsonNode resource, Set<String> taken) {
        String each = resource.path("metadata").path("name").asText();
        if (!NAME.matcher(each).matches()) {
            throw new InvalidInputException("metadata.name: must be lower-case letters, digits, '-' and '.', is "
                    + EvidenceFolder.quoted(each));
        }
        if (!taken.add(each)) {
            throw new InvalidInputException(
                    "metadata.name: two rollouts are called %s; keep one in the file".formatted(each));
        }
        return each;
    }

    private static Markup contents(List<RolloutReport.Made> made) {
        List<List<Markup>> rows = new ArrayList<>();
        for (RolloutReport.Made each : made) {
            String own = each.rollout().substring(each.rollout().indexOf('/') + 1);
            rows.add(List.of(
                    Section.link("rollouts/" + own + "/index.html", each.rollout()),
                    Markup.text(each.verdict().headline()),
                    Markup.text(String.join("; ", each.notRun()))));
        }
        return Page.of(
                "Rollouts",
                List.of(
                        Markup.element("h1", String.format(Locale.ROOT, "%d rollouts", made.size())),
                        Markup.table(List.of("rollout", "verdict", "NOT_RUN"), rows)));
    }

    private int tell(List<RolloutReport.Made> made, int files) {
        PrintWriter printer = spec.commandLine().getOut();
        int missing = 0;
        for (RolloutReport.Made each : made) {
            printer.println(Redaction.visible(
                    "%s: %s".formatted(each.rollout(), each.verdict().headline())));
            each.notRun().forEach(why -> printer.println(Redaction.visible("  NOT_RUN " + why)));
            missing += each.notRun().size();
        }
        printer.println("%d files in %s; begin with index.html".formatted(files, out));
        return complete && missing > 0 ? ExitCode.FAILED : ExitCode.DONE;
    }
}
