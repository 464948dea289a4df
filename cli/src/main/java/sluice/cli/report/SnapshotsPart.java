package sluice.cli.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.MarginStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.SnapshotStatus;
import sluice.operator.reconcile.SnapshotText;

/** The snapshots that status keeps, in the order of time. */
final class SnapshotsPart {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHOWN_MARGINS = 2;

    private SnapshotsPart() {}

    /** Empty when there is none. */
    static Optional<Section> add(RateLimitRolloutStatus status, EvidenceFolder files) {
        List<SnapshotStatus> snapshots =
                Optional.ofNullable(status.snapshots()).orElse(List.of()).reversed();
        if (snapshots.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode document = JSON.createObjectNode();
        document.set("snapshots", JSON.valueToTree(snapshots));
        files.add("snapshots.json", document);
        return Optional.of(Section.of(
                "Snapshots",
                Markup.table(
                        List.of(
                                "at (UTC)",
                                "phase",
                                "weight",
                                "backend",
                                "requests",
                                "5xx",
                                "P50",
                                "P95",
                                "P99",
                                "auth failures",
                                "throttled",
                                "left to the stop-loss"),
                        snapshots.stream().map(SnapshotsPart::row).toList()),
                Markup.element("p", Section.link("snapshots.json", "snapshots.json"))));
    }

    private static List<Markup> row(SnapshotStatus snapshot) {
        return List.of(
                        text(snapshot.at()),
                        text(snapshot.phase()),
                        snapshot.weight() == null ? "-" : snapshot.weight() + "%",
                        snapshot.backend() == null ? "-" : SnapshotText.backend(snapshot),
                        figure(Unit.RATE, snapshot.requests()),
                        figure(Unit.SHARE, snapshot.errorRatio()),
                        figure(Unit.TIME, snapshot.latencyP50()),
                        figure(Unit.TIME, snapshot.latencyP95()),
                        figure(Unit.TIME, snapshot.latencyP99()),
                        figure(Unit.SHARE, snapshot.authFailures()),
                        figure(Unit.SHARE, snapshot.throttledRatio()),
                        margins(Optional.ofNullable(snapshot.margins()).orElse(List.of())))
                .stream()
                .map(Markup::text)
                .toList();
    }

    private static String margins(List<MarginStatus> margins) {
        return String.join(
                ", ",
                margins.stream()
                        .limit(SHOWN_MARGINS)
                        .map(each -> "%s (%s) %s".formatted(each.signal(), each.scope(), text(each.left())))
                        .toList());
    }

    private static String figure(Unit unit, @Nullable String value) {
        try {
            return value == null ? "-" : unit.text(new BigDecimal(value).doubleValue());
        } catch (NumberFormatException e) {
            return value;
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "-" : value;
    }
}
