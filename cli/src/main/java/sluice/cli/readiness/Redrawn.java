package sluice.cli.readiness;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.cli.InvalidInputException;
import sluice.cli.report.KeptReport;
import sluice.observability.dashboard.Dashboard;
import sluice.observability.dashboard.Dashboards;
import sluice.observability.picture.Pictures;

/** What the run has drawn while there was a cluster to ask, drawn again from what it has kept of the answers. */
final class Redrawn {
    private static final String ROLLOUT = "rollout/";
    private static final String PICTURES = "pictures/";

    private Redrawn() {}

    /** Whether no run leaves it, but it is written from what a run leaves. */
    static boolean isDrawn(String path) {
        return path.startsWith(ROLLOUT)
                ? !KeptReport.isRead(path.substring(ROLLOUT.length()))
                : path.startsWith(PICTURES) && path.indexOf('/', PICTURES.length()) < 0;
    }

    /**
     * The pictures of the dashboards with the list of what they could not show, and the rollout's own report.
     *
     * @throws InvalidInputException naming what cannot be read
     */
    static SortedMap<String, byte[]> of(Evidence evidence) {
        SortedMap<String, byte[]> files = new TreeMap<>(rollout(evidence));
        StringBuilder silent = new StringBuilder();
        for (Dashboard dashboard : Dashboards.all()) {
            String samples = MonitoringItems.samples(dashboard.uid());
            evidence.text(samples).ifPresent(document -> {
                Pictures.Drawn drawn = drawn(dashboard, samples, document);
                files.put(MonitoringItems.picture(dashboard.uid()), bytes(drawn.svg()));
                drawn.silent().forEach(query -> silent.append("%s: %s\n".formatted(dashboard.uid(), query)));
                files.put(MonitoringItems.SILENT, bytes(silent.toString()));
            });
        }
        return files;
    }

    private static Pictures.Drawn drawn(Dashboard dashboard, String path, String document) {
        try {
            return Pictures.drawn(dashboard, document);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(path + ": " + e.getMessage());
        }
    }

    private static SortedMap<String, byte[]> rollout(Evidence evidence) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        if (!evidence.has(PaperItems.RESOURCE)) {
            return files;
        }
        SortedMap<String, byte[]> kept = new TreeMap<>();
        evidence.under("rollout", "")
                .forEach(path -> kept.put(
                        path.substring(ROLLOUT.length()), evidence.bytes(path).orElseThrow()));
        KeptReport.writtenAgain(kept).forEach((path, bytes) -> files.put(ROLLOUT + path, bytes));
        return files;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
